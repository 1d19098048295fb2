//! The order of an answer's fields: that of the document, as the GraphQL specification has it ("Serialized Map Ordering"). The
//! library sets them down in the order in which they happen to be resolved.

use async_graphql::{
    Name, Value,
    indexmap::IndexMap,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// The fields of an object by their response keys, in the order of the document, fragments expanded.
///
/// Where fragments on different types name the same keys in different orders, the first that names a key places it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldOrder(IndexMap<Name, FieldOrder>);

impl FieldOrder {
    /// Of the answers to a selection set. The document is within the limits: its fragments end, and expand to a bounded number
    /// of fields.
    pub(crate) fn of(document: &ExecutableDocument, set: &SelectionSet) -> Self {
        let mut order = Self::default();
        order.add(document, set);
        order
    }

    fn add(&mut self, document: &ExecutableDocument, set: &SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let inner = self.0.entry(field.node.response_key().node.clone()).or_default();
                    inner.add(document, &field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => self.add(document, &fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.add(document, &fragment.node.selection_set.node);
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
                for (key, inner) in &self.0 {
                    // Most fields stand where they should; to see it costs less than to look them up.
                    let stands = fields.get_index(place).is_some_and(|(there, _)| there == key);
                    let Some(found) = stands.then_some(place).or_else(|| fields.get_index_of(key)) else { continue };
                    fields.swap_indices(place, found);
                    inner.put(&mut fields[place]);
                    place += 1;
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.put(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{parser::parse_query, value};

    use super::*;

    fn ordered(document: &str, mut data: Value) -> String {
        let document = parse_query(document).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        FieldOrder::of(&document, &operation.node.selection_set.node).put(&mut data);
        serde_json::to_string(&data).unwrap()
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
