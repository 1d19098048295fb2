//! The root of mutations, with the activity log around it: what is begun is said before a mutation runs, and what it did not enter in
//! the log itself, because nothing was committed, is entered when it ends.

use std::borrow::Cow;

use app::activity::Ended;
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerError, ServerResult, Value,
    parser::types::Field, registry::Registry,
};
use domain::activity::ActivityOutcome;

use super::Mutations;
use crate::{
    context::ContextExt as _,
    error::{ErrorCode, IntoFieldError as _},
    roots::let_fields_be_null,
};

/// What can be changed.
#[derive(Debug, Default)]
pub struct Mutation(Mutations);

impl ContainerType for Mutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let op = ctx.op();
        op.begin(&ctx.item.node.name.node, subjects(ctx));
        let result = self.0.resolve_field(ctx).await;
        let entered = op.end(ended(&result), None).await;
        let value = result?;
        // What is not in the log is not answered as if it were.
        entered.map_err(|error| ctx.set_error_path(error.into_field_error().into_server_error(ctx.item.pos)))?;
        Ok(value)
    }
}

impl OutputType for Mutation {
    fn type_name() -> Cow<'static, str> {
        Mutations::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = Mutations::create_type_info(registry);
        let_fields_be_null(registry, &Mutations::type_name());
        name
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl ObjectType for Mutation {}

fn ended(result: &ServerResult<Option<Value>>) -> Ended {
    let Err(error) = result else { return Ended::DONE };
    let code = code_of(error).unwrap_or_else(|| ErrorCode::InternalServerError.as_str().to_owned());
    let outcome = match code.as_str() {
        "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" => ActivityOutcome::Denied,
        "UNAVAILABLE" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" => ActivityOutcome::Failed,
        _ => ActivityOutcome::Refused,
    };
    Ended::with(outcome, code)
}

fn code_of(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// The ids that the caller names, in the order of the input.
fn subjects(ctx: &Context<'_>) -> Vec<String> {
    let mut found = Vec::new();
    // Arguments that cannot be read are refused by the mutation itself.
    for (_, value) in ctx.field().arguments().unwrap_or_default() {
        collect(&value, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if is_id(text) && !found.contains(text) => found.push(text.clone()),
        Value::List(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, found)),
        _ => {}
    }
}

/// Whether a text is an id of ours: of a known type, and as long as they are. Other texts of an input are nobody's business.
fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(prefix, rest)| {
        domain::PREFIXES.contains(&prefix)
            && rest.len() == 26
            && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_are_taken_from_an_input() {
        assert!(is_id("tkt_01J00000000000000000000000"));
        for text in ["", "tkt_", "xyz_01J00000000000000000000000", "tkt_01j00000000000000000000000", "a password"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
