//! What the roots have in common: each of their fields may be null, so that one that fails takes no other with it.

use async_graphql::registry::{MetaType, Registry};

/// Lets every field of the type `root` be null.
pub(crate) fn let_fields_be_null(registry: &mut Registry, root: &str) {
    if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(root) {
        for field in fields.values_mut() {
            if field.ty.ends_with('!') {
                field.ty.pop();
            }
        }
    }
}
