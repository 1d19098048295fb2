//! Replies that are written beforehand, and filled for a ticket.

use domain::{
    ReplyMacroId, TicketId,
    access::Permission::{TicketsInternal, TicketsWrite},
    tickets::{MacroPlace, ReplyMacro},
};

use super::super::{
    TicketCode,
    change::{refuse, text},
    converse::LONGEST_TEXT,
};
use crate::{NoCode, OpCtx, OpError, Refusal};

/// What a macro is to be.
#[derive(Debug, Clone)]
pub struct NewMacro {
    /// Which one is changed; absent, a new one.
    pub id: Option<ReplyMacroId>,
    /// Name, unique.
    pub name: String,
    /// The text, with places such as `{{ticket.ref}}`.
    pub body: String,
    /// The version that the actor saw.
    pub expected_version: Option<i32>,
}

/// Every macro, by name.
///
/// # Errors
/// `Forbidden` without `tickets:internal`.
pub async fn macros(op: &OpCtx) -> Result<Vec<ReplyMacro>, OpError<NoCode>> {
    op.require(TicketsInternal)?;
    if !op.sees_all() {
        return Ok(Vec::new());
    }
    Ok(store::reply_macros::all(&*op.reader().await?).await?)
}

/// Keeps a macro. Its places are looked at now, so that none fails when somebody replies with it.
///
/// # Errors
/// `NameInvalid`, `NameTaken`, `TextInvalid`, `PlaceUnknown`; `NotFound`; `Conflict`.
pub async fn save_macro(op: &OpCtx, input: NewMacro) -> Result<ReplyMacro, OpError<TicketCode>> {
    op.require(TicketsWrite)?;
    if !op.sees_all() {
        return Err(OpError::NotFound);
    }
    let name = text(&input.name, 100, TicketCode::NameInvalid, "name")?;
    let body = text(&input.body, LONGEST_TEXT, TicketCode::TextInvalid, "body")?;
    if let Err(unknown) = ReplyMacro::filled(&body, |_| String::new()) {
        return Err(OpError::refused(Refusal::of(TicketCode::PlaceUnknown, "body").with("place", unknown.0)));
    }
    let tx = op.write().await?;
    let (updated_by, updated_at) = (op.actor().user(), op.now());
    let (reply, written) = match input.id {
        None => {
            let id = ReplyMacroId::new(op.now(), op.random());
            let reply = ReplyMacro { id, name, body, updated_by, updated_at, version: 1 };
            let written = store::reply_macros::insert(&tx, &reply).await;
            (reply, written.map(|()| true))
        }
        Some(id) => {
            let before = store::reply_macros::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
            if input.expected_version.is_some_and(|expected| expected != before.version) {
                return Err(OpError::Conflict { current: before.version });
            }
            let reply = ReplyMacro { name, body, updated_by, updated_at, ..before };
            let written = store::reply_macros::update(&tx, &reply).await;
            (ReplyMacro { version: reply.version + 1, ..reply }, written)
        }
    };
    match written {
        Err(error) if error.is_conflict() => return refuse(TicketCode::NameTaken, "name"),
        Err(error) => return Err(error.into()),
        Ok(false) => return Err(OpError::Conflict { current: reply.version }),
        Ok(true) => {}
    }
    tx.commit().await?;
    Ok(reply)
}

/// Deletes a macro.
///
/// # Errors
/// `NotFound`; `Forbidden` without `tickets:write`.
pub async fn delete_macro(
    op: &OpCtx,
    id: ReplyMacroId,
    expected_version: Option<i32>,
) -> Result<(), OpError<TicketCode>> {
    op.require(TicketsWrite)?;
    if !op.sees_all() {
        return Err(OpError::NotFound);
    }
    let tx = op.write().await?;
    let found = store::reply_macros::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    let version = expected_version.unwrap_or(found.version);
    if !store::reply_macros::delete(&tx, id, version).await? {
        return Err(OpError::Conflict { current: found.version });
    }
    Ok(tx.commit().await?)
}

/// The text of a macro for a ticket, in the language of the ticket's client, to be looked over before it is sent.
///
/// # Errors
/// `NotFound`; `Forbidden` without `tickets:internal`.
pub async fn macro_text(op: &OpCtx, id: ReplyMacroId, ticket: TicketId) -> Result<String, OpError<NoCode>> {
    op.require(TicketsInternal)?;
    if !op.sees_all() {
        return Err(OpError::NotFound);
    }
    let tx = op.reader().await?;
    let reply = store::reply_macros::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    let ticket = store::tickets::by_ids(&tx, &[ticket]).await?.pop().ok_or(OpError::NotFound)?;
    let client = store::clients::by_id(&tx, ticket.client).await?.ok_or(OpError::NotFound)?;
    let agent = match op.actor().user() {
        Some(user) => store::users::by_ids(&tx, &[user]).await?.pop().map(|user| user.name).unwrap_or_default(),
        None => String::new(),
    };
    let lang = client.language.parse().unwrap_or(op.lang());
    let zone = jiff::tz::TimeZone::get(&client.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let deadline = ticket.appeal_deadline.map(|at| i18n::date_time(lang, at, &zone));
    ReplyMacro::filled(&reply.body, |place| match place {
        MacroPlace::TicketRef => ticket.reference(),
        MacroPlace::TicketTitle => ticket.title.clone(),
        MacroPlace::ClientName => client.name.clone(),
        MacroPlace::AgentName => agent.clone(),
        MacroPlace::AppealDeadline => deadline.clone().unwrap_or_else(|| "–".to_owned()),
    })
    .map_err(|unknown| OpError::internal("filling a macro", unknown.0))
}
