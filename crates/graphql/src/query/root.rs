//! The root of queries, each field of which may be null.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
    parser::types::Field, registry::Registry,
};

use super::Queries;
use crate::roots::let_fields_be_null;

/// What can be read.
#[derive(Debug, Default)]
pub struct Query(Queries);

impl ContainerType for Query {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(ctx).await
    }
}

impl OutputType for Query {
    fn type_name() -> Cow<'static, str> {
        Queries::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = Queries::create_type_info(registry);
        let_fields_be_null(registry, &Queries::type_name());
        name
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl ObjectType for Query {}
