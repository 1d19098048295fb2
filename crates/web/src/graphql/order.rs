//! The form of an answer: its fields in the order of the document, as the GraphQL specification has it ("Serialized Map Ordering"),
//! and null where something failed, or above it where that may not be null ("Handling Execution Errors"). The library sets fields down
//! in the order in which they happen to be resolved, and leaves out those that failed.

use std::sync::Arc;

use async_graphql::{
    Name, PathSegment, Value,
    indexmap::IndexMap,
    parser::types::{BaseType, ExecutableDocument, Selection, SelectionSet, Type},
};

use super::cost::Prices;

/// The fields of an object by their response keys, in the order of the document, fragments expanded.
///
/// Where fragments on different types name the same keys in different orders, the first that names a key places it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldOrder(IndexMap<Name, Member>);

/// A field of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Member {
    /// By the schema; absent where the schema is asked for itself.
    ty: Option<Arc<Type>>,
    fields: FieldOrder,
}

/// What the fields of a selection are found by.
#[derive(Clone, Copy)]
struct Source<'a> {
    document: &'a ExecutableDocument,
    prices: &'a Prices,
}

impl FieldOrder {
    /// Of the answers to a selection set on the type `owner`. The document is within the limits: its fragments end, and expand to a
    /// bounded number of fields.
    pub(crate) fn of(document: &ExecutableDocument, set: &SelectionSet, owner: &str, prices: &Prices) -> Self {
        let mut order = Self::default();
        order.add(Source { document, prices }, set, owner);
        order
    }

    fn add(&mut self, source: Source<'_>, set: &SelectionSet, owner: &str) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let ty = source.prices.type_of(owner, field.name.node.as_str());
                    let member = self.0.entry(field.response_key().node.clone()).or_default();
                    if member.ty.is_none() {
                        member.ty = ty.cloned();
                    }
                    let below = ty.map_or("", |ty| named(&ty.base));
                    member.fields.add(source, &field.selection_set.node, below);
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(owner, |on| on.node.on.node.as_str());
                    self.add(source, &fragment.node.selection_set.node, on);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = source.document.fragments.get(&spread.node.fragment_name.node) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.add(source, &fragment.node.selection_set.node, on);
                    }
                }
            }
        }
    }

    /// Puts the fields of `data`, and of all that is in it, into this order.
    pub(crate) fn put(&self, data: &mut Value) {
        if self.0.is_empty() {
            return;
        }
        match data {
            Value::Object(fields) => {
                let mut place = 0;
                for (key, member) in &self.0 {
                    // Most fields stand where they should; to see it costs less than to look them up.
                    let stands = fields.get_index(place).is_some_and(|(there, _)| there == key);
                    let Some(found) = stands.then_some(place).or_else(|| fields.get_index_of(key)) else { continue };
                    fields.swap_indices(place, found);
                    member.fields.put(&mut fields[place]);
                    place += 1;
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.put(item)),
            _ => {}
        }
    }

    /// Sets to null what failed, and what may not be without it.
    pub(crate) fn fail<'a>(&self, data: &mut Value, paths: impl Iterator<Item = &'a [PathSegment]>) {
        let mut failed = false;
        for path in paths.filter(|path| !path.is_empty()) {
            fill(data, path);
            failed = true;
        }
        if failed && !self.may_stand(data) {
            *data = Value::Null;
        }
    }

    /// Whether an object, or what is in its place, has null only where the schema lets it; what below it has not, is null afterwards.
    fn may_stand(&self, data: &mut Value) -> bool {
        let Value::Object(fields) = data else { return true };
        self.0.iter().all(|(key, member)| match (&member.ty, fields.get_mut(key)) {
            (Some(ty), Some(value)) => stands(value, ty, &member.fields),
            _ => true,
        })
    }
}

/// Whether a value may stand where the schema says `ty`. Null takes the place of what may not, and stands where that is let.
fn stands(value: &mut Value, ty: &Type, fields: &FieldOrder) -> bool {
    let good = match (&mut *value, &ty.base) {
        (Value::Null, _) => return ty.nullable,
        (Value::List(items), BaseType::List(item)) => items.iter_mut().all(|value| stands(value, item, fields)),
        (value, _) => fields.may_stand(value),
    };
    if !good {
        *value = Value::Null;
    }
    good || ty.nullable
}

/// Sets to null the field at the end of the path. An object of which all fields failed the library leaves out too.
fn fill(data: &mut Value, path: &[PathSegment]) {
    match path {
        [] => {}
        [PathSegment::Field(name), rest @ ..] => {
            if *data == Value::Null {
                *data = Value::Object(IndexMap::default());
            }
            if let Value::Object(fields) = data {
                fill(fields.entry(Name::new(name)).or_default(), rest);
            }
        }
        [PathSegment::Index(index), rest @ ..] => {
            if let Value::List(items) = data
                && let Some(item) = items.get_mut(*index)
            {
                fill(item, rest);
            }
        }
    }
}

fn named(base: &BaseType) -> &str {
    match base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(&item.base),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{parser::parse_query, value};

    use super::*;

    const SCHEMA: &str = "type Query { page: Page row: Row rows: [Row] all: [Row!]! must: Row! each: [[Row!]] n: Int }
        type Page { rows: [Row!]! n: Int } type Row { a: Int! b: Int row: Row must: Row! }";

    fn order(document: &str) -> FieldOrder {
        let document = parse_query(document).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let prices = Prices::of_schema(SCHEMA).unwrap();
        FieldOrder::of(&document, &operation.node.selection_set.node, "Query", &prices)
    }

    fn ordered(document: &str, mut data: Value) -> String {
        order(document).put(&mut data);
        serde_json::to_string(&data).unwrap()
    }

    /// What is answered when these fail, each a path with dots.
    fn failed(document: &str, mut data: Value, paths: &[&str]) -> String {
        let segment = |text: &str| match text.parse() {
            Ok(index) => PathSegment::Index(index),
            Err(_) => PathSegment::Field(text.to_owned()),
        };
        let paths: Vec<Vec<PathSegment>> = paths.iter().map(|path| path.split('.').map(segment).collect()).collect();
        order(document).fail(&mut data, paths.iter().map(Vec::as_slice));
        serde_json::to_string(&data).unwrap()
    }

    #[test]
    fn what_failed_is_null_where_that_is_let() {
        assert_eq!(failed("{ n row { b } }", value!({ "row": { "b": 1 } }), &["n"]), r#"{"row":{"b":1},"n":null}"#);
        // All that was asked of it failed: the library leaves the object out.
        assert_eq!(failed("{ row { b } }", value!({ "row": null }), &["row.b"]), r#"{"row":{"b":null}}"#);
        assert_eq!(failed("{ n }", Value::Null, &["n"]), r#"{"n":null}"#);
        assert_eq!(failed("{ x: n }", Value::Null, &["x"]), r#"{"x":null}"#);
        // An error of the whole says nothing of a place.
        assert_eq!(failed("{ n }", value!({ "n": 1 }), &[]), r#"{"n":1}"#);
    }

    #[test]
    fn null_goes_up_to_where_it_is_let() {
        let row = || value!({ "row": { "b": 1 } });
        assert_eq!(failed("{ row { a b } }", row(), &["row.a"]), r#"{"row":null}"#);
        assert_eq!(failed("{ row { ...f } } fragment f on Row { a b }", row(), &["row.a"]), r#"{"row":null}"#);
        let data = value!({ "row": { "row": { "b": 1 }, "b": 2 } });
        assert_eq!(
            failed("{ row { row { must { b } b } b } }", data, &["row.row.must"]),
            r#"{"row":{"row":null,"b":2}}"#
        );
        assert_eq!(failed("{ n must { a } }", value!({ "n": 1 }), &["must.a"]), "null");
        // Two that failed in the same object do not bring it back.
        assert_eq!(failed("{ row { a b } n }", value!({ "n": 1 }), &["row.a", "row.b"]), r#"{"n":1,"row":null}"#);
    }

    #[test]
    fn of_a_list_the_item_or_the_list_is_null() {
        let two = || value!([{ "b": 1 }, { "a": 2, "b": 2 }]);
        let of = |name: &str| Value::Object(IndexMap::from_iter([(Name::new(name), two())]));
        assert_eq!(failed("{ rows { a b } }", of("rows"), &["rows.0.a"]), r#"{"rows":[null,{"a":2,"b":2}]}"#);
        assert_eq!(failed("{ all { a b } }", of("all"), &["all.0.a"]), "null");
        let page = value!({ "page": { "rows": [{ "b": 1 }], "n": 1 } });
        assert_eq!(failed("{ page { rows { a b } n } }", page, &["page.rows.0.a"]), r#"{"page":null}"#);
        let each = value!({ "each": [[{ "b": 1 }], [{ "a": 2, "b": 2 }]] });
        assert_eq!(failed("{ each { a b } }", each, &["each.0.0.a"]), r#"{"each":[null,[{"a":2,"b":2}]]}"#);
    }

    #[test]
    fn fields_stand_as_the_document_names_them() {
        let data = value!({ "c": 3, "a": 1, "b": 2 });
        assert_eq!(ordered("{ a b c }", data), r#"{"a":1,"b":2,"c":3}"#);
    }

    #[test]
    fn an_alias_is_the_name_in_the_answer() {
        let data = value!({ "a": 1, "second": 2 });
        assert_eq!(ordered("{ second: a a }", data), r#"{"second":2,"a":1}"#);
    }

    #[test]
    fn objects_in_lists_of_lists_are_put_in_order_too() {
        let data = value!({ "rows": [[{ "b": 2, "a": 1 }, null], [{ "b": 4, "a": 3 }]] });
        assert_eq!(ordered("{ rows { a b } }", data), r#"{"rows":[[{"a":1,"b":2},null],[{"a":3,"b":4}]]}"#);
    }

    #[test]
    fn a_field_stands_where_it_is_first_named_whatever_names_it_again() {
        let document = "{ ...Late a { x } ... { b a { z y } } } fragment Late on Q { c a { y } }";
        let data = value!({ "b": 2, "a": { "x": 1, "z": 3, "y": 2 }, "c": 1 });
        assert_eq!(ordered(document, data), r#"{"c":1,"a":{"y":2,"x":1,"z":3},"b":2}"#);
    }

    #[test]
    fn what_is_skipped_leaves_no_gap_and_scalars_keep_their_own_order() {
        let data = value!({ "json": { "z": 1, "a": 2 }, "c": 3, "a": 1 });
        assert_eq!(ordered("{ a b @skip(if: true) c json }", data), r#"{"a":1,"c":3,"json":{"z":1,"a":2}}"#);
    }
}
