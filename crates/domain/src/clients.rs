//! Clients: the companies whose WhatsApp the BSP runs.

use crate::{ClientId, Instant};

/// A client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Id.
    pub id: ClientId,
    /// Name, for people.
    pub name: String,
    /// Short name, unique, for command lines and addresses.
    pub slug: String,
    /// IANA zone of its nights and working hours.
    pub time_zone: String,
    /// Language of what it is sent: `it` or `en`.
    pub language: String,
    /// When it was created.
    pub created_at: Instant,
    /// Counts changes, from 1.
    pub version: i32,
}
