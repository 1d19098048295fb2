//! What a document costs, computed from its text before it is executed.
//!
//! An object costs 1, a scalar nothing, a mutation [`MUTATION`] more. What stands under a list counts once for each row that the list
//! may have: `first` of a page (from a literal, a variable or a default), the number of `ids`, else [`SHORT_LIST`]. The
//! prices are made from the schema itself, so a new field has one.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_graphql::{
    Positioned, Value, Variables,
    parser::{
        Error as ParseError, parse_schema,
        types::{
            BaseType, ExecutableDocument, Field, FieldDefinition, OperationDefinition, OperationType, Selection,
            SelectionSet, Type, TypeKind, TypeSystemDefinition,
        },
    },
};

/// What a mutation costs beside what is read of its payload.
const MUTATION: u64 = 10;

/// What a subscription costs while it lives.
const SUBSCRIPTION: u64 = 10;

/// What asking for the schema costs.
const INTROSPECTION: u64 = 100;

/// Rows of a list that is no page: such lists have small bounds.
const SHORT_LIST: u64 = 5;

/// Rows of a page when the caller does not say, and at most: a page that asks for more is refused by its field.
const PAGE: u64 = 25;
const LONGEST_PAGE: u64 = 100;

/// How many rows a field may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    One,
    /// As many as its argument `first` says.
    Page,
    /// As many as its argument `ids` has items.
    Ids,
    Short,
}

#[derive(Debug)]
struct Price {
    /// The type under it; `None` for a leaf.
    leads_to: Option<String>,
    rows: Rows,
    /// Whether the object itself counts: what only wraps does not.
    counts: bool,
    /// Whether it is to go.
    is_deprecated: bool,
    ty: Arc<Type>,
}

/// What an operation asks for, by the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Priced {
    /// What it may cost at most; at least 1.
    pub(crate) cost: u64,
    /// Fields that are to go, as `Type.field`.
    pub(crate) deprecated: BTreeSet<String>,
}

/// The price of every field of a schema.
#[derive(Debug, Default)]
pub(crate) struct Prices(HashMap<String, HashMap<String, Price>>);

impl Prices {
    /// The prices of a schema in the schema definition language.
    pub(crate) fn of_schema(sdl: &str) -> Result<Self, ParseError> {
        let definitions: Vec<_> = parse_schema(sdl)?
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => Some(definition.node),
                TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
            })
            .collect();
        let composite: Vec<&str> = definitions
            .iter()
            .filter(|definition| {
                matches!(definition.kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
            })
            .map(|definition| definition.name.node.as_str())
            .collect();
        let types = definitions.iter().filter_map(|definition| {
            let fields = match &definition.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                _ => return None,
            };
            let owner = definition.name.node.as_str();
            let prices = fields.iter().map(|field| {
                let field = &field.node;
                (field.name.node.to_string(), price(owner, field, &composite))
            });
            Some((owner.to_owned(), prices.collect()))
        });
        Ok(Self(types.collect()))
    }

    /// The type of a field.
    pub(super) fn type_of(&self, owner: &str, field: &str) -> Option<&Arc<Type>> {
        Some(&self.0.get(owner)?.get(field)?.ty)
    }

    /// What the operation asks for.
    pub(crate) fn of(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Priced {
        let base = if operation.ty == OperationType::Subscription { SUBSCRIPTION } else { 0 };
        let (memo, deprecated) = (HashMap::new(), BTreeSet::new());
        let mut count = Count { prices: self, document, operation, variables, memo, deprecated };
        let cost = count.set(&operation.selection_set.node, root(operation.ty)).saturating_add(base).max(1);
        Priced { cost, deprecated: count.deprecated }
    }
}

/// The type that an operation begins with.
pub(super) const fn root(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

fn price(owner: &str, field: &FieldDefinition, composite: &[&str]) -> Price {
    let (name, is_list) = named(&field.ty.node);
    let takes = |argument: &str| field.arguments.iter().any(|given| given.node.name.node == argument);
    let wraps = owner.ends_with("Connection")
        || name.ends_with("Connection")
        || name.ends_with("Payload")
        || name == "PageInfo";
    Price {
        leads_to: composite.contains(&name).then(|| name.to_owned()),
        rows: match (takes("first"), is_list) {
            (true, _) => Rows::Page,
            // The page's own field has counted its rows.
            (false, true) if !owner.ends_with("Connection") => {
                if takes("ids") {
                    Rows::Ids
                } else {
                    Rows::Short
                }
            }
            _ => Rows::One,
        },
        counts: !wraps || field.name.node == "nodes",
        is_deprecated: field.directives.iter().any(|directive| directive.node.name.node == "deprecated"),
        ty: Arc::new(field.ty.node.clone()),
    }
}

fn named(ty: &Type) -> (&str, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(item) => (named(item).0, true),
    }
}

struct Count<'a> {
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    /// Each fragment is counted once: it stands on a type of its own, and the variables are the same wherever it is spread.
    memo: HashMap<&'a str, u64>,
    deprecated: BTreeSet<String>,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a SelectionSet, owner: &str) -> u64 {
        set.items.iter().fold(0, |sum: u64, selection| sum.saturating_add(self.selection(&selection.node, owner)))
    }

    fn selection(&mut self, selection: &'a Selection, owner: &str) -> u64 {
        match selection {
            Selection::Field(field) => self.field(&field.node, owner),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            Selection::InlineFragment(fragment) => {
                let owner = fragment.node.type_condition.as_ref().map_or(owner, |on| on.node.on.node.as_str());
                self.set(&fragment.node.selection_set.node, owner)
            }
        }
    }

    fn fragment(&mut self, name: &str) -> u64 {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return 0 };
        if let Some(known) = self.memo.get(name.as_str()) {
            return *known;
        }
        // No fragment spreads itself: the document was weighed before.
        let on = fragment.node.type_condition.node.on.node.as_str();
        let cost = self.set(&fragment.node.selection_set.node, on);
        self.memo.insert(name.as_str(), cost);
        cost
    }

    fn field(&mut self, field: &'a Field, owner: &str) -> u64 {
        let name = field.name.node.as_str();
        if matches!(name, "__schema" | "__type") {
            return INTROSPECTION;
        }
        let prices = self.prices;
        // A field that the schema has not is for validation to name.
        let Some(price) = prices.0.get(owner).and_then(|fields| fields.get(name)) else { return 0 };
        if price.is_deprecated {
            self.deprecated.insert(format!("{owner}.{name}"));
        }
        let base = if owner == "Mutation" { MUTATION } else { 0 };
        let Some(below) = &price.leads_to else { return base };
        let each = self.set(&field.selection_set.node, below).saturating_add(u64::from(price.counts));
        self.rows(price.rows, field).saturating_mul(each).saturating_add(base)
    }

    fn rows(&self, rows: Rows, field: &Field) -> u64 {
        match rows {
            Rows::One => 1,
            Rows::Short => SHORT_LIST,
            Rows::Page => match self.argument(field, "first") {
                Some(Value::Number(number)) => number.as_u64().map_or(1, |first| first.clamp(1, LONGEST_PAGE)),
                _ => PAGE,
            },
            Rows::Ids => match self.argument(field, "ids") {
                Some(Value::List(items)) => (items.len() as u64).clamp(1, LONGEST_PAGE),
                _ => 1,
            },
        }
    }

    /// The value of an argument, wherever it comes from.
    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let (_, value) = field.arguments.iter().find(|(own, _)| own.node == name)?;
        value.node.clone().into_const_with(|variable| self.variable(&variable).ok_or(())).ok()
    }

    fn variable(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.variables.get(name) {
            return Some(value.clone());
        }
        let definition = self.operation.variable_definitions.iter().find(|own| own.node.name.node == name)?;
        definition.node.default_value.as_ref().map(|value: &Positioned<Value>| value.node.clone())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn prices() -> Prices {
        Prices::of_schema(&::graphql::sdl()).unwrap()
    }

    fn cost_with(source: &str, variables: serde_json::Value) -> u64 {
        let document = parse_query(source).unwrap();
        let variables = Variables::from_json(variables);
        let (_, operation) = document.operations.iter().next().unwrap();
        prices().of(&document, &operation.node, &variables).cost
    }

    fn cost(source: &str) -> u64 {
        cost_with(source, json!({}))
    }

    #[test]
    fn what_is_to_go_is_told_from_wherever_it_is_asked_for() {
        let sdl = "type Query { old: Int @deprecated(reason: \"gone in 2028\") row: Row } type Row { id: ID a: Int @deprecated b: Int @deprecated }";
        let prices = Prices::of_schema(sdl).unwrap();
        let asked = |source: &str| {
            let document = parse_query(source).unwrap();
            let (_, operation) = document.operations.iter().next().unwrap();
            let priced = prices.of(&document, &operation.node, &Variables::default());
            priced.deprecated.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(asked("{ row { id } }"), [""; 0]);
        assert_eq!(
            asked("{ x: old old row { ...f ...f } } fragment f on Row { b ... { id } }"),
            ["Query.old", "Row.b"]
        );
        assert_eq!(asked("{ row { id } } fragment f on Row { a }"), [""; 0], "nothing asks for it");
    }

    #[test]
    fn objects_count_and_scalars_do_not() {
        assert_eq!(cost("{ __typename }"), 1);
        assert_eq!(cost("{ client(id: \"x\") { id name slug } }"), 1);
        assert_eq!(cost("{ ticket(id: \"x\") { id client { id } waba { id client { id } } } }"), 4);
        assert_eq!(cost("{ missing { id } }"), 1);
        assert_eq!(cost("mutation { ticketReply(input: {}) { ticket { id } userErrors { code } } }"), 10 + 1 + 5);
    }

    #[test]
    fn a_page_counts_its_rows_wherever_their_number_comes_from() {
        let row = "nodes { id client { id } } pageInfo { endCursor }";
        assert_eq!(cost(&format!("{{ tickets(first: 50) {{ {row} }} }}")), 50 * 2);
        assert_eq!(cost(&format!("{{ tickets {{ {row} }} }}")), 25 * 2);
        assert_eq!(cost(&format!("{{ tickets(first: 100000) {{ {row} }} }}")), 100 * 2);
        assert_eq!(cost(&format!("{{ tickets(first: -1) {{ {row} }} }}")), 2);
        let by_variable = format!("query($n: Int = 7) {{ tickets(first: $n) {{ {row} }} }}");
        assert_eq!(cost(&by_variable), 7 * 2);
        assert_eq!(cost_with(&by_variable, json!({ "n": 9 })), 9 * 2);
        assert_eq!(cost_with(&by_variable, json!({ "n": null })), 25 * 2);
        let ids = json!({ "ids": ["a", "b", "c"] });
        assert_eq!(cost_with("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids), 3);
        assert_eq!(cost("{ nodes(ids: [\"a\", \"b\"]) { ... on Ticket { client { id } } } }"), 2 * 2);
    }

    #[test]
    fn nested_pages_multiply_and_fragments_are_counted_once_each() {
        let nested = "{ clients(first: 100) { nodes { tickets: id ...f ...f } } } fragment f on Client { wabas: id }";
        assert_eq!(cost(nested), 100);
        let deep = "{ tickets(first: 100) { nodes { timeline(first: 100) { nodes { user { id } } } } } }";
        assert!(cost(deep) > 20_000);
        let levels: Vec<_> =
            (0..60).map(|level| format!("fragment f{level} on Query {{ ...f{n} ...f{n} }}", n = level + 1)).collect();
        let last = "fragment f60 on Query { client(id: \"x\") { id } }";
        let doubling = format!("{{ ...f0 }} {} {last}", levels.join(" "));
        assert_eq!(cost(&doubling), 1 << 60);
    }
}
