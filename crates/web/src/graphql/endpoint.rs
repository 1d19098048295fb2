//! What stands between a document and its execution, whichever way it came: is it trusted, does it fit the limits, may its sender
//! ask that, and can the sender pay for it.

use std::{fmt, sync::Arc};

use app::OpCtx;
use async_graphql::{
    Request,
    parser::types::{ExecutableDocument, OperationType},
};
use domain::{ApiTokenId, Instant, UserId};

use super::{
    Bounds, Introspection, answer,
    body::Asked,
    cost::{Priced, Prices},
    documents::Resolved,
    known::KnownDocuments,
    order::FieldOrder,
    preflight::{self, Refused},
};
use crate::{
    address::Network,
    buckets::{Buckets, Level},
    measure,
    refusal::ErrorCode,
    request_log::RequestNotes,
};

/// Whose bucket pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Payer {
    /// A person, with all of their sign-ins.
    User(UserId),
    /// A program.
    Token(ApiTokenId),
    /// Whoever is not signed in, by where they are.
    Nobody(Option<Network>),
}

impl fmt::Display for Payer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "{user}"),
            Self::Token(token) => write!(f, "{token}"),
            Self::Nobody(_) => f.write_str("nobody"),
        }
    }
}

/// Who asks, as far as this layer cares.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Whose bucket pays.
    pub(crate) payer: Payer,
    /// The operation, for what is done once.
    pub(crate) op: Option<OpCtx>,
    /// When.
    pub(crate) now: Instant,
    /// For answers.
    pub(crate) request_id: Arc<str>,
    /// For the log.
    pub(crate) notes: RequestNotes,
}

/// The endpoint, without what executes.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) bounds: Bounds,
    prices: Prices,
    known: KnownDocuments,
    buckets: Buckets<Payer>,
}

/// A document that may be executed now, and is paid for.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) document: ExecutableDocument,
    pub(crate) kind: OperationType,
    /// Of the fields of its answers.
    pub(crate) order: FieldOrder,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: async_graphql::Variables,
    /// SHA-256 of the document, in hexadecimal.
    pub(crate) hash: String,
    /// What was taken, and what is left.
    pub(crate) cost: u64,
    pub(crate) level: Level,
}

impl Endpoint {
    /// The endpoint of a schema in the schema definition language.
    pub(crate) fn new(bounds: Bounds, sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let buckets = Buckets::new(bounds.budget);
        Ok(Self { prices: Prices::of_schema(sdl)?, bounds, known: KnownDocuments::default(), buckets })
    }

    /// Looks at what is asked, and takes its cost.
    pub(crate) fn admit(
        &self,
        asked: Asked,
        caller: &Caller,
        serves: impl FnOnce(OperationType) -> Result<(), Refused>,
    ) -> Result<Admitted, Refused> {
        let admitted = self.look(asked, caller, serves);
        if let Err(refused) = &admitted {
            measure::refused(refused.limit.unwrap_or_else(|| refused.code.as_str()));
        }
        admitted
    }

    fn look(
        &self,
        asked: Asked,
        caller: &Caller,
        serves: impl FnOnce(OperationType) -> Result<(), Refused>,
    ) -> Result<Admitted, Refused> {
        let is_program = matches!(caller.payer, Payer::Token(_));
        let Resolved { text, hash } = self.bounds.documents.resolve(asked.document, is_program)?;
        let name = asked.operation_name.as_deref();
        // As much of it as tells documents apart.
        caller.notes.operation(name, &hash[..16]);
        let limits = &self.bounds.document;
        let measured = self.known.measure(&text, &hash, limits)?;
        let cleared = preflight::clear(&measured, name, &asked.variables, limits, &self.prices)?;
        serves(cleared.kind)?;
        if cleared.introspects {
            self.introspect(caller)?;
        }
        tell_deprecated(&cleared.priced, caller);
        let cost = cleared.priced.cost;
        let level = self.buckets.take(caller.payer, cost, caller.now).map_err(|empty| {
            let message = format!("the budget of this credential is used up: try again in {} s", empty.retry_after);
            Refused {
                limit: Some("budget"),
                retry_after: Some(empty.retry_after),
                ..Refused::new(ErrorCode::RateLimited, message)
            }
        })?;
        Ok(Admitted {
            document: cleared.document,
            kind: cleared.kind,
            order: cleared.order,
            operation_name: asked.operation_name,
            variables: asked.variables,
            hash,
            cost,
            level,
        })
    }

    fn introspect(&self, caller: &Caller) -> Result<(), Refused> {
        let may = match self.bounds.introspection {
            Introspection::Open => true,
            Introspection::SignedIn => !matches!(caller.payer, Payer::Nobody(_)),
            Introspection::Off => false,
        };
        if may {
            return Ok(());
        }
        let message = if self.bounds.introspection == Introspection::Off {
            "the schema is not shown here; it is published as schema.graphql"
        } else {
            "the schema is shown to those who are signed in; it is also published as schema.graphql"
        };
        Err(Refused { limit: Some("introspection"), ..Refused::new(ErrorCode::Forbidden, message) })
    }

    /// The request of an admitted document. `attach` gives it the context that resolvers expect.
    pub(crate) fn request(&self, admitted: Admitted, attach: impl FnOnce(Request) -> Request) -> Request {
        let budget = self.buckets.budget();
        let mut request = Request::new(String::new()).variables(admitted.variables);
        request.operation_name = admitted.operation_name;
        request.set_parsed_query(admitted.document);
        attach(request.data(::graphql::RateLimit {
            cost: admitted.cost,
            limit: budget.capacity,
            remaining: admitted.level.remaining,
            restored: budget.restored,
        }))
    }

    /// Gives back what an operation was charged too much, and tells what it did cost.
    pub(crate) fn settle(
        &self,
        payer: &Payer,
        charged: u64,
        response: &async_graphql::Response,
        now: Instant,
    ) -> serde_json::Value {
        // The answer itself is an object, and costs nothing.
        let actual = answer::objects(&response.data).saturating_sub(1).clamp(1, charged);
        measure::cost(actual);
        let budget = self.buckets.budget();
        let level = if budget.capacity == 0 {
            Level { remaining: 0 }
        } else {
            self.buckets.refund(payer, charged - actual, now)
        };
        serde_json::json!({
            "requested": charged,
            "actual": actual,
            "limit": budget.capacity,
            "remaining": level.remaining,
            "restoreRate": budget.restored,
        })
    }
}

/// Says who still asks for what is to go, so that it goes when nobody does.
fn tell_deprecated(priced: &Priced, caller: &Caller) {
    for field in &priced.deprecated {
        measure::deprecated(field);
        tracing::info!(graphql.field = field.as_str(), asked_by = %caller.payer, "a field that is to go was asked for");
    }
}
