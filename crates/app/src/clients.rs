//! Clients: the companies whose WhatsApp the BSP runs.

use domain::{
    ClientId,
    access::{Actor, Permission},
    clients::Client,
};
use store::page::{Keyset, Page};

use crate::{
    Code, NoCode, OpCtx, OpError, Refusal, audits,
    words::{is_language, is_name},
};

/// Why a client cannot be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCode {
    /// The name is empty or longer than 200 characters.
    NameInvalid,
    /// The slug is no lower-case word of letters, digits and dashes.
    SlugInvalid,
    /// Another client has the slug.
    SlugTaken,
    /// The tz database has no such zone.
    TimeZoneUnknown,
    /// No such language.
    LanguageUnknown,
}

impl Code for ClientCode {
    fn key(self) -> &'static str {
        match self {
            Self::NameInvalid => "error-name-invalid",
            Self::SlugInvalid => "error-slug-invalid",
            Self::SlugTaken => "error-slug-taken",
            Self::TimeZoneUnknown => "error-time-zone-unknown",
            Self::LanguageUnknown => "error-language-unknown",
        }
    }
}

/// A client to be created.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Name, for people.
    pub name: String,
    /// Short name, unique, for command lines and addresses.
    pub slug: String,
    /// IANA zone of its nights and working hours.
    pub time_zone: String,
    /// Language of what it is sent: `it` or `en`.
    pub language: String,
}

fn refusals(input: &NewClient) -> Vec<Refusal<ClientCode>> {
    let slug_ok = (1..=63).contains(&input.slug.len())
        && input.slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !input.slug.starts_with('-')
        && !input.slug.ends_with('-');
    let checks = [
        (is_name(&input.name), ClientCode::NameInvalid, "name"),
        (slug_ok, ClientCode::SlugInvalid, "slug"),
        (jiff::tz::TimeZone::get(&input.time_zone).is_ok(), ClientCode::TimeZoneUnknown, "timeZone"),
        (is_language(&input.language), ClientCode::LanguageUnknown, "language"),
    ];
    checks.into_iter().filter(|(ok, ..)| !ok).map(|(_, code, field)| Refusal::of(code, field)).collect()
}

/// Creates a client, and the schedule of its nightly audits.
///
/// # Errors
/// Refused with a [`ClientCode`]; `Forbidden` without `clients:write`.
pub async fn create(op: &OpCtx, input: NewClient) -> Result<Client, OpError<ClientCode>> {
    op.require(Permission::ClientsWrite)?;
    let refusals = refusals(&input);
    if !refusals.is_empty() {
        return Err(OpError::Refused(refusals));
    }
    let client = Client {
        id: ClientId::new(op.now(), op.random()),
        name: input.name.trim().to_owned(),
        slug: input.slug,
        time_zone: input.time_zone,
        language: input.language,
        created_at: op.now(),
        version: 1,
    };
    let tx = op.write().await?;
    tx.about(client.id);
    match store::clients::insert(&tx, &client).await {
        Err(error) if error.is_conflict() => return Err(OpError::refused(Refusal::of(ClientCode::SlugTaken, "slug"))),
        result => result?,
    }
    audits::schedule_default(op, &tx, &client).await?;
    tx.commit().await?;
    Ok(client)
}

/// What is to be changed of a client; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ClientChange {
    /// Name, for people.
    pub name: Option<String>,
    /// Short name, unique.
    pub slug: Option<String>,
    /// IANA zone of its nights and working hours.
    pub time_zone: Option<String>,
    /// Language of what it is sent: `it` or `en`.
    pub language: Option<String>,
    /// The version that the change was made for.
    pub expected_version: Option<i32>,
}

/// Changes a client; its nightly audit moves with its zone.
///
/// # Errors
/// `NotFound`; refused with a [`ClientCode`]; `Conflict` when somebody else changed it meanwhile; `Forbidden` without
/// `clients:write`.
pub async fn update(op: &OpCtx, id: ClientId, change: ClientChange) -> Result<Client, OpError<ClientCode>> {
    op.require(Permission::ClientsWrite)?;
    let tx = op.write().await?;
    let before = store::clients::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    tx.concerns(id);
    let wanted = NewClient {
        name: change.name.unwrap_or(before.name),
        slug: change.slug.unwrap_or(before.slug),
        time_zone: change.time_zone.unwrap_or_else(|| before.time_zone.clone()),
        language: change.language.unwrap_or(before.language),
    };
    let refusals = refusals(&wanted);
    if !refusals.is_empty() {
        return Err(OpError::Refused(refusals));
    }
    let mut client = Client {
        name: wanted.name.trim().to_owned(),
        slug: wanted.slug,
        time_zone: wanted.time_zone,
        language: wanted.language,
        ..before
    };
    let expected = change.expected_version.unwrap_or(client.version);
    client.version = match store::clients::update(&tx, &client, expected).await {
        Err(store::StoreError::Stale { current }) => return Err(OpError::Conflict { current }),
        Err(error) if error.is_conflict() => return Err(OpError::refused(Refusal::of(ClientCode::SlugTaken, "slug"))),
        result => result?,
    };
    if client.time_zone != before.time_zone {
        audits::follow_zone(op, &tx, &client).await?;
    }
    tx.commit().await?;
    Ok(client)
}

/// A page of the clients that the actor may know of, by name.
///
/// # Errors
/// `Unauthenticated` for nobody.
pub async fn page(op: &OpCtx, keyset: &Keyset) -> Result<Page<Client>, OpError<NoCode>> {
    signed_in(op)?;
    Ok(store::clients::page(&*op.reader().await?, keyset).await?)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Unauthenticated` for nobody.
pub async fn by_ids(op: &OpCtx, ids: &[ClientId]) -> Result<Vec<Client>, OpError<NoCode>> {
    signed_in(op)?;
    Ok(store::clients::by_ids(&*op.reader().await?, ids).await?)
}

/// The client of this short name, if the actor may know of it.
///
/// # Errors
/// `Unauthenticated` for nobody.
pub async fn by_slug(op: &OpCtx, slug: &str) -> Result<Option<Client>, OpError<NoCode>> {
    signed_in(op)?;
    Ok(store::clients::by_slug(&*op.reader().await?, slug).await?)
}

fn signed_in(op: &OpCtx) -> Result<(), OpError<NoCode>> {
    if *op.actor() == Actor::Anonymous { Err(OpError::Unauthenticated) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
