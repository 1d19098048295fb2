//! Notices of enforcement, recorded by hand: Meta also tells by e-mail and in Account Quality.

use domain::{
    ClientId, EnforcementNoticeId, Instant, PhoneNumberId, WabaId,
    access::Permission,
    enforcement::{EnforcementNotice, NoticeSource, Restriction},
};
use store::page::{Keyset, Page};

use super::{
    TicketCode,
    change::{refuse, text},
    converse::LONGEST_TEXT,
    telling::tell_of_notice,
};
use crate::{NoCode, OpCtx, OpError, enforcement};

/// A notice to be recorded.
#[derive(Debug, Clone)]
pub struct NewEnforcementNotice {
    /// Whose account.
    pub client: ClientId,
    /// The account.
    pub waba: Option<WabaId>,
    /// The number, when one is meant.
    pub phone_number: Option<PhoneNumberId>,
    /// Meta's word for the violation, when it named one.
    pub violation_type: Option<String>,
    /// How the BSP learned of it.
    pub source: NoticeSource,
    /// When Meta told.
    pub noticed_at: Instant,
    /// What is taken away.
    pub restrictions: Vec<Restriction>,
    /// What Meta wrote.
    pub note: Option<String>,
    /// Whether it opens a ticket when the account has none for what Meta does to it; one that is open follows in any case.
    pub opens_ticket: bool,
}

/// Records a notice. It is a sign of an episode like what webhooks tell, and the ticket of the episode follows.
///
/// # Errors
/// Refused with a [`TicketCode`]; `Forbidden` without `enforcement:write`.
pub async fn record_notice(op: &OpCtx, input: NewEnforcementNotice) -> Result<EnforcementNotice, OpError<TicketCode>> {
    op.require(Permission::EnforcementWrite)?;
    if input.noticed_at > op.now() {
        return refuse(TicketCode::InstantInFuture, "noticedAt");
    }
    let violation_type =
        input.violation_type.map(|word| text(&word, 200, TicketCode::WordInvalid, "violationType")).transpose()?;
    let note = input.note.map(|note| text(&note, LONGEST_TEXT, TicketCode::TextInvalid, "note")).transpose()?;
    let tx = op.write().await?;
    if store::clients::by_id(&tx, input.client).await?.is_none() {
        return refuse(TicketCode::ClientNotFound, "clientId");
    }
    let mut waba = input.waba;
    if let Some(number) = input.phone_number {
        match store::phone_numbers::by_ids(&tx, &[number]).await?.pop() {
            Some(found) if found.client == input.client => waba = waba.or(Some(found.waba)),
            _ => return refuse(TicketCode::PhoneNumberNotFound, "phoneNumberId"),
        }
    }
    let Some(waba) = waba else { return refuse(TicketCode::AssetMissing, "wabaId") };
    if !store::wabas::by_ids(&tx, &[waba]).await?.iter().any(|found| found.client == input.client) {
        return refuse(TicketCode::WabaNotFound, "wabaId");
    }
    let notice = EnforcementNotice {
        id: EnforcementNoticeId::new(op.now(), op.random()),
        client: input.client,
        waba: Some(waba),
        phone_number: input.phone_number,
        violation_type,
        source: input.source,
        noticed_at: input.noticed_at,
        restrictions: input.restrictions,
        note,
        recorded_by: op.actor().user(),
        recorded_at: op.now(),
        ticket: None,
    };
    tx.about(notice.id);
    store::enforcement::insert(&tx, &notice).await?;
    enforcement::note(op, &tx, notice.client, waba, input.opens_ticket).await.map_err(OpError::widen)?;
    let notice = store::enforcement::by_ids(&tx, &[notice.id]).await?.pop().unwrap_or(notice);
    tell_of_notice(op, &tx, &notice).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    op.services().ticket_feed.nudge();
    Ok(notice)
}

/// A page of notices, newest first.
///
/// # Errors
/// `Forbidden` without `enforcement:read`.
pub async fn notices_page(
    op: &OpCtx,
    client: Option<ClientId>,
    keyset: &Keyset,
) -> Result<Page<EnforcementNotice>, OpError<NoCode>> {
    op.require(Permission::EnforcementRead)?;
    Ok(store::enforcement::page(&*op.reader().await?, client, keyset).await?)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `enforcement:read`.
pub async fn notices_by_ids(
    op: &OpCtx,
    ids: &[EnforcementNoticeId],
) -> Result<Vec<EnforcementNotice>, OpError<NoCode>> {
    op.require(Permission::EnforcementRead)?;
    Ok(store::enforcement::by_ids(&*op.reader().await?, ids).await?)
}
