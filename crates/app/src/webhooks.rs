//! Webhooks: a client's systems are told what happens, signed, each event until it is taken or given up.
//!
//! A use case publishes an event in its own transaction; a job for each endpoint carries it. At least once: a receiver that took an
//! event and could not say so gets it again, under the same `webhook-id`.

mod deliver;
mod endpoints;
mod publish;
mod replay;

#[cfg(test)]
mod tests;

pub(crate) use deliver::run;
pub use endpoints::{
    EndpointChange, NewEndpoint, by_ids, create, delete, deliveries_page, page, rotate_secret, test, update,
};
pub use hooks::Secret;
pub(crate) use publish::publish;
pub use replay::{replay, replay_since};

use crate::Code;

/// Why something about webhooks was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookCode {
    /// There is no such client for the actor.
    ClientNotFound,
    /// The address is none, or names a person, or is too long.
    UrlMalformed,
    /// The address is not `https`.
    UrlInsecure,
    /// The address leads into a private network.
    UrlPrivate,
    /// The description is longer than 200 characters.
    DescriptionInvalid,
    /// No event, or one that cannot be chosen.
    EventsInvalid,
    /// The client has as many endpoints as a client may have.
    TooMany,
    /// The delivery has not ended yet.
    NotEnded,
    /// The endpoint is turned off.
    Disabled,
}

impl Code for WebhookCode {
    fn key(self) -> &'static str {
        match self {
            Self::ClientNotFound => "error-client-not-found",
            Self::UrlMalformed => "error-webhook-url-malformed",
            Self::UrlInsecure => "error-webhook-url-insecure",
            Self::UrlPrivate => "error-webhook-url-private",
            Self::DescriptionInvalid => "error-webhook-description",
            Self::EventsInvalid => "error-webhook-events",
            Self::TooMany => "error-webhook-too-many",
            Self::NotEnded => "error-webhook-not-ended",
            Self::Disabled => "error-webhook-disabled",
        }
    }
}
