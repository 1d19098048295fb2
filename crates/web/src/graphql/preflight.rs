//! Analysis of a document before it is executed.
//!
//! The library's own checks walk a fragment anew at every spread, so that a document of 1 kB in which each fragment spreads the next
//! one twice keeps a core busy for minutes. Here each fragment is weighed once; what it weighs is added, saturating, wherever it is
//! spread, and a document that would expand to too much never reaches the library. What it costs by the schema is for
//! [`cost`](super::cost) to say.

mod variables;
mod weigh;

use async_graphql::{
    Variables,
    parser::{
        Error as ParseError, parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};

use super::{
    cost::{self, Priced, Prices},
    lexical,
    order::FieldOrder,
};
use crate::refusal::ErrorCode;

/// What a document may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Names, numbers, strings and punctuators.
    pub tokens: usize,
    /// Nesting of brackets of all kinds.
    pub nesting: usize,
    /// Operations in the document.
    pub operations: usize,
    /// Fragments in the document.
    pub fragments: usize,
    /// Directives in the document.
    pub directives: u64,
    /// Levels of fields.
    pub depth: u64,
    /// Levels of fields under `__schema` and `__type`.
    pub introspection_depth: u64,
    /// Fields, once fragments are expanded.
    pub fields: u64,
    /// Aliases, once fragments are expanded.
    pub aliases: u64,
    /// Fields of a query's root.
    pub root_fields: u64,
    /// Fields of a mutation's root.
    pub root_mutations: u64,
    /// Variables of an operation.
    pub variables: usize,
    /// What it may cost.
    pub cost: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tokens: 2_000,
            nesting: 40,
            operations: 5,
            fragments: 50,
            directives: 20,
            depth: 12,
            introspection_depth: 16,
            fields: 300,
            aliases: 30,
            root_fields: 20,
            root_mutations: 5,
            variables: 100,
            cost: 5_000,
        }
    }
}

/// Why a document is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    /// Which limit it is, for the measurements.
    pub(crate) limit: Option<&'static str>,
    /// Seconds after which it may be tried again.
    pub(crate) retry_after: Option<u32>,
}

impl Refused {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), limit: None, retry_after: None }
    }

    /// `limit` is the limit's name, of which the document has too many.
    pub(super) fn too_complex(limit: &'static str, what: &str, most: impl std::fmt::Display) -> Self {
        let message = format!("the document has too many {what}: at most {most} are allowed");
        Self { limit: Some(limit), ..Self::new(ErrorCode::TooComplex, message) }
    }
}

/// A document that may be executed.
#[derive(Debug)]
pub(crate) struct Cleared {
    pub(crate) document: ExecutableDocument,
    /// Of the operation that will run.
    pub(crate) kind: OperationType,
    /// Of the fields of that operation's answers.
    pub(crate) order: FieldOrder,
    /// What that operation may cost, and what of it is to go.
    pub(crate) priced: Priced,
    /// Whether any operation asks for the schema.
    pub(crate) introspects: bool,
}

/// A document that is within the limits that its text alone decides.
#[derive(Debug)]
pub(crate) struct Measured {
    document: ExecutableDocument,
    introspects: bool,
}

/// Parses `source` and weighs it.
pub(crate) fn measure(source: &str, limits: &Limits) -> Result<Measured, Refused> {
    let shape = lexical::measure(source);
    if shape.tokens > limits.tokens {
        return Err(Refused::too_complex("tokens", "tokens", limits.tokens));
    }
    if shape.nesting > limits.nesting {
        return Err(Refused::too_complex("nesting", "levels of brackets", limits.nesting));
    }
    let document = parse_query(source).map_err(|error| parse_refusal(&error))?;
    if document.operations.iter().count() > limits.operations {
        return Err(Refused::too_complex("operations", "operations", limits.operations));
    }
    if document.fragments.len() > limits.fragments {
        return Err(Refused::too_complex("fragments", "fragments", limits.fragments));
    }
    let introspects = weigh::document(&document, limits)?;
    Ok(Measured { document, introspects })
}

/// Looks at the operation that is asked for, with its variables.
pub(crate) fn clear(
    measured: &Measured,
    operation_name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
    prices: &Prices,
) -> Result<Cleared, Refused> {
    let Measured { document, introspects } = measured;
    let operation = select(document, operation_name)?;
    if operation.variable_definitions.len() > limits.variables {
        return Err(Refused::too_complex("variables", "variables", limits.variables));
    }
    variables::check(operation, variables)?;
    let priced = prices.of(document, operation, variables);
    if priced.cost > limits.cost {
        let message = format!(
            "the document may cost {} points: at most {} are allowed, so ask for shorter pages",
            priced.cost, limits.cost
        );
        return Err(Refused { limit: Some("cost"), ..Refused::new(ErrorCode::TooComplex, message) });
    }
    let kind = operation.ty;
    let order = FieldOrder::of(document, &operation.selection_set.node, cost::root(kind), prices);
    Ok(Cleared { document: document.clone(), kind, order, priced, introspects: *introspects })
}

/// The operation that is asked for.
fn select<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Refused> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .iter()
            .find_map(|(own, operation)| (own == name).then_some(&operation.node))
            .ok_or_else(|| Refused::new(ErrorCode::BadRequest, "operationName names no operation of the document")),
        (DocumentOperations::Multiple(operations), None) => match (operations.values().next(), operations.len()) {
            (Some(operation), 1) => Ok(&operation.node),
            _ => Err(Refused::new(ErrorCode::BadRequest, "the document has several operations: give operationName")),
        },
        (DocumentOperations::Single(_), Some(_)) => {
            Err(Refused::new(ErrorCode::BadRequest, "operationName names no operation of the document"))
        }
    }
}

// The parser's own text echoes whole lines of the document.
fn parse_refusal(error: &ParseError) -> Refused {
    let place = error.positions().next();
    let what = match error {
        ParseError::MultipleOperations { .. } => "an operation without a name stands beside others",
        ParseError::OperationDuplicated { .. } => "two operations have the same name",
        ParseError::FragmentDuplicated { .. } => "two fragments have the same name",
        ParseError::MissingOperation => "there is no operation in it",
        ParseError::RecursionLimitExceeded => {
            return Refused::new(ErrorCode::TooComplex, "the document is nested too deeply");
        }
        _ => "syntax error",
    };
    let place = place.map_or_else(String::new, |at| format!(" (line {}, column {})", at.line, at.column));
    Refused::new(ErrorCode::GraphqlParseFailed, format!("the document cannot be parsed: {what}{place}"))
}

#[cfg(test)]
mod tests;
