//! The GraphQL schema over `app`: resolvers parse, call one use case, and map the result. No rule lives here.
// As deep as the merged roots of the schema.
#![recursion_limit = "256"]

mod at_once;
mod context;
mod error;
mod filters;
mod id;
mod loaders;
mod mutation;
mod node;
mod page;
mod query;
mod roots;
mod scalars;
mod subscription;
mod types;
mod user_error;
mod words;

use async_graphql::{Request, Schema, SchemaBuilder};

pub use context::{RateLimit, RequestId};
pub use error::ErrorCode;

/// The schema that Sblocco serves.
pub type SbloccoSchema = Schema<query::Query, mutation::Mutation, subscription::Subscription>;

/// Deepest recursion of a document that the parser and the validator follow.
const RECURSION: usize = 32;

fn builder() -> SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription> {
    Schema::build(query::Query::default(), mutation::Mutation::default(), subscription::Subscription::default())
        .register_output_type::<node::Node>()
        .register_output_type::<user_error::UserError>()
        .limit_recursive_depth(RECURSION)
}

/// Builds the schema.
pub fn schema() -> SbloccoSchema {
    builder().disable_suggestions().finish()
}

/// Builds the schema, with errors that suggest the names that may have been meant.
pub fn schema_that_suggests() -> SbloccoSchema {
    builder().finish()
}

/// The schema in the schema definition language, as `schema.graphql` holds it.
pub fn sdl() -> String {
    use async_graphql::SDLExportOptions;
    schema().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}

/// Gives `request` the operation that it runs as.
pub fn prepare(request: Request, op: app::OpCtx, request_id: RequestId) -> Request {
    request.data(loaders::Loaders::new(op.clone())).data(op).data(request_id)
}
