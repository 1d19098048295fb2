//! Objects whose fields are mostly at hand.
//!
//! The library gives each field of an object a future on the heap and a place in a queue, which costs more than most fields do: a page
//! of tickets has some fifteen hundred. [`AtOnce`] asks each field where it stands. One that has to wait is put aside, and all of these
//! wait together, so that what they ask the database for is still read in one statement.

use std::{borrow::Cow, future::poll_fn, pin::Pin, task::Poll};

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use futures::future::{MaybeDone, join_all, maybe_done};

/// An object of the schema, the same one to whoever reads the answer.
#[derive(Debug, Clone)]
pub(crate) struct AtOnce<T>(pub(crate) T);

impl<T: ContainerType> OutputType for AtOnce<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut fields = Vec::with_capacity(ctx.item.node.items.len());
        if collect(ctx, &ctx.item.node, &T::type_name(), &mut fields) {
            Ok(resolve(ctx, &self.0, &fields).await)
        } else {
            self.0.resolve(ctx, field).await
        }
    }
}

/// Puts the fields of a selection set into `into`, fragments expanded; false where there is more to it than fields of this very type,
/// each under a key of its own.
fn collect<'a>(
    ctx: &ContextSelectionSet<'a>,
    set: &'a SelectionSet,
    of: &str,
    into: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    set.items.iter().all(|selection| {
        let (on, set) = match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                let is_new = into.iter().all(|known| known.node.response_key().node != *key);
                into.push(field);
                return is_new && field.node.directives.is_empty();
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
            }
            Selection::FragmentSpread(spread) => match ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set),
                None => return false,
            },
        };
        on.is_none_or(|on| on.node.on.node == of) && collect(ctx, &set.node, of, into)
    })
}

async fn value<'a, T: ContainerType>(
    ctx: &ContextSelectionSet<'a>,
    object: &T,
    field: &'a Positioned<Field>,
) -> ServerResult<Value> {
    if field.node.name.node == "__typename" {
        return Ok(Value::String(object.introspection_type_name().into_owned()));
    }
    Ok(object.resolve_field(&ctx.with_field(field)).await?.unwrap_or_default())
}

/// The object with these fields, in their order. A field that fails is left out, and the answer says why, as the library does it.
async fn resolve<T: ContainerType>(ctx: &ContextSelectionSet<'_>, object: &T, fields: &[&Positioned<Field>]) -> Value {
    let mut taken: Vec<Option<ServerResult<Value>>> = Vec::with_capacity(fields.len());
    let mut waiting: Vec<(usize, Pin<Box<MaybeDone<_>>>)> = Vec::new();
    // One place on the heap serves all fields but those that wait.
    let mut place = Box::pin(MaybeDone::Gone);
    poll_fn(|task| {
        for (at, field) in fields.iter().enumerate() {
            place.set(maybe_done(value(ctx, object, field)));
            if place.as_mut().poll(task).is_pending() {
                waiting.push((at, std::mem::replace(&mut place, Box::pin(MaybeDone::Gone))));
            }
            taken.push(place.as_mut().take_output());
        }
        Poll::Ready(())
    })
    .await;
    join_all(waiting.iter_mut().map(|(_, place)| place.as_mut())).await;
    for (at, mut place) in waiting {
        taken[at] = place.as_mut().take_output();
    }
    let mut object = IndexMap::with_capacity(fields.len());
    for (field, taken) in fields.iter().zip(taken) {
        match taken {
            Some(Ok(value)) => drop(object.insert(field.node.response_key().node.clone(), value)),
            Some(Err(error)) => ctx.add_error(error),
            None => {}
        }
    }
    if object.is_empty() { Value::Null } else { Value::Object(object) }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashMap,
        future::ready,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use async_graphql::{
        Context, EmptyMutation, EmptySubscription, Object, Response, Result, Schema, ServerError,
        dataloader::{DataLoader, Loader},
    };
    use serde_json::json;

    use super::AtOnce;

    /// Doubles numbers, and counts how often it is asked.
    struct Doubles(Arc<AtomicUsize>);

    impl Loader<i32> for Doubles {
        type Value = i32;
        type Error = Arc<str>;

        async fn load(&self, numbers: &[i32]) -> Result<HashMap<i32, i32>, Arc<str>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(numbers.iter().map(|number| (*number, number * 2)).collect())
        }
    }

    #[derive(Clone, Copy)]
    struct Thing(i32);

    #[Object]
    impl Thing {
        async fn number(&self) -> i32 {
            self.0
        }

        async fn doubled(&self, ctx: &Context<'_>, #[graphql(default = 0)] plus: i32) -> Result<Option<i32>> {
            doubled(ctx, self.0 + plus).await
        }

        async fn broken(&self) -> Result<i32> {
            ready(Err("broken".into())).await
        }

        async fn next(&self) -> Option<AtOnce<Part>> {
            (self.0 < 3).then_some(AtOnce(Part(self.0 + 1)))
        }

        async fn parts(&self) -> Vec<AtOnce<Part>> {
            (1..=2).map(|step| AtOnce(Part(self.0 + step))).collect()
        }
    }

    #[derive(Clone, Copy)]
    struct Part(i32);

    #[Object]
    impl Part {
        async fn number(&self) -> i32 {
            self.0
        }

        async fn doubled(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
            doubled(ctx, self.0).await
        }

        async fn broken(&self) -> Result<i32> {
            ready(Err("broken".into())).await
        }
    }

    async fn doubled(ctx: &Context<'_>, number: i32) -> Result<Option<i32>> {
        let loader = ctx.data_unchecked::<DataLoader<Doubles>>();
        Ok(loader.load_one(number).await.map_err(|error| error.to_string())?)
    }

    struct Query;

    #[Object]
    impl Query {
        async fn quick(&self) -> Vec<AtOnce<Thing>> {
            (0..40).map(Thing).map(AtOnce).collect()
        }

        async fn usual(&self) -> Vec<Thing> {
            (0..40).map(Thing).collect()
        }
    }

    /// The answer to a selection of `field`, and how often the loader was asked.
    async fn ask(field: &str, selection: &str) -> (Response, usize) {
        let asked = Arc::new(AtomicUsize::new(0));
        let loader = DataLoader::new(Doubles(Arc::clone(&asked)), tokio::spawn);
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).data(loader).finish();
        let fragments = "fragment Named on Thing { number __typename }";
        let used = if selection.contains("...Named") { fragments } else { "" };
        let response = schema.execute(format!("{{ things: {field} {{ {selection} }} }} {used}")).await;
        (response, asked.load(Ordering::Relaxed))
    }

    /// What of an answer does not depend on who was faster.
    fn settled(response: &Response) -> serde_json::Value {
        let shown = |error: &ServerError| json!([error.message, error.path, error.locations]);
        let mut errors: Vec<_> = response.errors.iter().map(shown).collect();
        errors.sort_by_key(ToString::to_string);
        json!({ "data": response.data, "errors": errors })
    }

    #[tokio::test]
    async fn an_answer_is_what_the_library_makes_it() {
        for selection in [
            "number",
            "again: number number __typename",
            "doubled number",
            "number broken",
            "broken",
            "number next { number }",
            "parts { number doubled broken }",
            "...Named",
            "number ...Named doubled",
            "... { number } ... on Thing { doubled }",
            "next { number } next { doubled }",
            "number @include(if: true) doubled @skip(if: true)",
        ] {
            let (quick, usual) = (ask("quick", selection).await.0, ask("usual", selection).await.0);
            assert_eq!(settled(&quick), settled(&usual), "{selection}");
        }
    }

    #[tokio::test]
    async fn what_waits_waits_together() {
        let selection = "number doubled one: doubled(plus: 1) next { doubled } parts { number doubled }";
        assert_eq!(ask("quick", selection).await.1, 1);
    }

    #[tokio::test]
    async fn fields_stand_in_the_order_of_the_document() {
        let (answer, _) = ask("quick", "doubled number __typename").await;
        let text = serde_json::to_string(&answer.data).unwrap();
        assert!(text.starts_with(r#"{"things":[{"doubled":0,"number":0,"__typename":"Thing"}"#), "{text}");
    }
}
