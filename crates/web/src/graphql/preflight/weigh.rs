//! What the parts of a document weigh, each fragment weighed once.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{Directive, ExecutableDocument, Field, OperationType, Selection, SelectionSet},
};

use super::{Limits, Refused};
use crate::refusal::ErrorCode;

/// Lists of the introspection schema that lead to further types: nested, they multiply.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// How often such lists may nest: what every tool asks for is one.
const INTROSPECTION_LIST_DEPTH: u64 = 2;

/// Mutations that check a password, a code or a token: at most one in a document, so that limits on requests are limits on guesses.
pub(super) const GUESSES: [&str; 11] = [
    "emailChangeConfirm",
    "emailChangeRequest",
    "invitationAccept",
    "passwordChange",
    "passwordReset",
    "recoveryCodesReplace",
    "secondFactorBegin",
    "secondFactorConfirm",
    "secondFactorDisable",
    "signIn",
    "signInRefresh",
];

/// What a selection set weighs, fragments expanded.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Fields of the set itself.
    roots: u64,
    fields: u64,
    aliases: u64,
    /// [`GUESSES`].
    guesses: u64,
    /// Spreads and inline fragments, which the library walks as well.
    fragments: u64,
    /// Levels of fields.
    depth: u64,
    /// Levels of fields that are not under `__schema` or `__type`.
    data_depth: u64,
    /// Nesting of [`INTROSPECTION_LISTS`].
    lists: u64,
    /// Whether `__schema` or `__type` is among the fields of the set.
    introspects: bool,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.roots = self.roots.saturating_add(other.roots);
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.guesses = self.guesses.saturating_add(other.guesses);
        self.fragments = self.fragments.saturating_add(other.fragments);
        self.depth = self.depth.max(other.depth);
        self.data_depth = self.data_depth.max(other.data_depth);
        self.lists = self.lists.max(other.lists);
        self.introspects |= other.introspects;
    }
}

enum Memo {
    Open,
    Known(Weight),
}

struct Scale<'a> {
    document: &'a ExecutableDocument,
    memo: HashMap<&'a str, Memo>,
    directives: u64,
}

/// Weighs all operations, and all fragments whether used or not (validation walks them too); returns whether the schema is asked
/// for.
pub(super) fn document(document: &ExecutableDocument, limits: &Limits) -> Result<bool, Refused> {
    let mut scale = Scale { document, memo: HashMap::new(), directives: 0 };
    let mut introspects = false;
    let mut guesses: u64 = 0;
    for name in document.fragments.keys() {
        // How deep it ends up depends on where it is spread.
        size(&scale.fragment(name)?, limits)?;
    }
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        scale.count(&operation.directives);
        for variable in &operation.variable_definitions {
            scale.count(&variable.node.directives);
        }
        let weight = scale.set(&operation.selection_set.node)?;
        size(&weight, limits)?;
        depth(&weight, limits)?;
        let roots = if operation.ty == OperationType::Mutation { limits.root_mutations } else { limits.root_fields };
        if weight.roots > roots {
            return Err(Refused::too_complex("root_fields", "fields at the root", roots));
        }
        introspects |= weight.introspects;
        guesses = guesses.saturating_add(weight.guesses);
    }
    if guesses > 1 {
        return Err(Refused::too_complex("guesses", "mutations that check a password, a code or a token", 1));
    }
    if scale.directives > limits.directives {
        return Err(Refused::too_complex("directives", "directives", limits.directives));
    }
    Ok(introspects)
}

fn size(weight: &Weight, limits: &Limits) -> Result<(), Refused> {
    if weight.fields > limits.fields || weight.fragments > limits.fields {
        return Err(Refused::too_complex("fields", "fields", limits.fields));
    }
    if weight.aliases > limits.aliases {
        return Err(Refused::too_complex("aliases", "aliases", limits.aliases));
    }
    Ok(())
}

fn depth(weight: &Weight, limits: &Limits) -> Result<(), Refused> {
    if weight.data_depth > limits.depth {
        return Err(Refused::too_complex("depth", "levels of fields", limits.depth));
    }
    if weight.introspects && weight.depth > limits.introspection_depth {
        return Err(Refused::too_complex("introspection_depth", "levels of fields", limits.introspection_depth));
    }
    if weight.introspects && weight.lists > INTROSPECTION_LIST_DEPTH {
        return Err(Refused::too_complex(
            "introspection_lists",
            "nested lists of the schema",
            INTROSPECTION_LIST_DEPTH,
        ));
    }
    Ok(())
}

impl<'a> Scale<'a> {
    fn count(&mut self, directives: &[Positioned<Directive>]) {
        self.directives = self.directives.saturating_add(directives.len() as u64);
    }

    fn set(&mut self, set: &'a SelectionSet) -> Result<Weight, Refused> {
        let mut sum = Weight::default();
        for selection in &set.items {
            let selection = &selection.node;
            self.count(selection.directives());
            let mut weight = match selection {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node)?,
            };
            if !matches!(selection, Selection::Field(_)) {
                weight.fragments = weight.fragments.saturating_add(1);
            }
            sum.add(weight);
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field) -> Result<Weight, Refused> {
        let inner = self.set(&field.selection_set.node)?;
        let name = field.name.node.as_str();
        let introspects = matches!(name, "__schema" | "__type");
        Ok(Weight {
            roots: 1,
            fields: inner.fields.saturating_add(1),
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            guesses: inner.guesses.saturating_add(u64::from(GUESSES.contains(&name))),
            fragments: inner.fragments,
            depth: inner.depth.saturating_add(1),
            data_depth: if introspects { 1 } else { inner.data_depth.saturating_add(1) },
            lists: inner.lists + u64::from(INTROSPECTION_LISTS.contains(&name)),
            // The schema refuses it deeper down; counted all the same.
            introspects: introspects || inner.introspects,
        })
    }

    fn fragment(&mut self, name: &str) -> Result<Weight, Refused> {
        // One that is not there is for validation to name.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Ok(Weight::default()) };
        match self.memo.get(name.as_str()) {
            Some(Memo::Known(weight)) => return Ok(*weight),
            Some(Memo::Open) => {
                return Err(Refused::new(ErrorCode::GraphqlValidationFailed, "a fragment spreads itself"));
            }
            None => {}
        }
        self.memo.insert(name.as_str(), Memo::Open);
        self.count(&fragment.node.directives);
        let weight = self.set(&fragment.node.selection_set.node)?;
        self.memo.insert(name.as_str(), Memo::Known(weight));
        Ok(weight)
    }
}
