//! `node` and `nodes`: anything by its id, authorised as strictly as through its parent. What the actor may not know of is `null`,
//! exactly as what does not exist.

use async_graphql::{Context, ID, Interface, Object, Result};

use crate::{
    error::bad_input,
    types::{
        Activity, ApiToken, Attachment, Audit, AuditPreview, Client, CorrectiveAction, DeclaredAsset,
        EnforcementNotice, EvidenceExport, Finding, Import, PhoneNumber, SlaCalendarVersion, SlaHolidayListVersion,
        SlaPolicyVersion, Template, ThresholdVersion, Ticket, User, Waba, WebhookEndpoint,
    },
};

/// Anything that has an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Id, unique over all types; its prefix tells the type."))]
pub(crate) enum Node {
    /// An entry of the activity log.
    Activity(Activity),
    /// A program's credential.
    ApiToken(ApiToken),
    /// A file on a ticket.
    Attachment(Attachment),
    /// An audit.
    Audit(Audit),
    /// A preview of an audit with other thresholds.
    AuditPreview(AuditPreview),
    /// A client.
    Client(Client),
    /// A corrective action of a ticket.
    CorrectiveAction(CorrectiveAction),
    /// What a client declares of itself.
    DeclaredAsset(DeclaredAsset),
    /// A notice of enforcement.
    EnforcementNotice(EnforcementNotice),
    /// A file with all messages of a finding.
    EvidenceExport(EvidenceExport),
    /// A finding of an audit.
    Finding(Finding),
    /// An import of a file.
    Import(Import),
    /// A sending number.
    PhoneNumber(PhoneNumber),
    /// A version of a calendar of working hours.
    SlaCalendarVersion(SlaCalendarVersion),
    /// A version of a list of holidays.
    SlaHolidayListVersion(SlaHolidayListVersion),
    /// A version of an SLA policy.
    SlaPolicyVersion(SlaPolicyVersion),
    /// A message template.
    Template(Template),
    /// A version of the thresholds of the rules.
    ThresholdVersion(ThresholdVersion),
    /// A ticket.
    Ticket(Ticket),
    /// Somebody who signs in.
    User(User),
    /// A WhatsApp Business Account.
    Waba(Waba),
    /// A place in a client's systems that is told what happens.
    WebhookEndpoint(WebhookEndpoint),
}

/// Most ids of one `nodes`.
const MOST_IDS: usize = 100;

async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let prefix = id.split_once('_').map_or("", |(prefix, _)| prefix);
    Ok(match prefix {
        domain::ActivityId::PREFIX => Activity::fetch(ctx, id).await?.map(Node::Activity),
        domain::ApiTokenId::PREFIX => ApiToken::fetch(ctx, id).await?.map(Node::ApiToken),
        domain::AttachmentId::PREFIX => Attachment::fetch(ctx, id).await?.map(Node::Attachment),
        domain::CorrectiveActionId::PREFIX => CorrectiveAction::fetch(ctx, id).await?.map(Node::CorrectiveAction),
        domain::EnforcementNoticeId::PREFIX => EnforcementNotice::fetch(ctx, id).await?.map(Node::EnforcementNotice),
        domain::TicketId::PREFIX => Ticket::fetch(ctx, id).await?.map(Node::Ticket),
        domain::UserId::PREFIX => User::fetch(ctx, id).await?.map(Node::User),
        domain::AuditId::PREFIX => Audit::fetch(ctx, id).await?.map(Node::Audit),
        domain::EvidenceExportId::PREFIX => EvidenceExport::fetch(ctx, id).await?.map(Node::EvidenceExport),
        domain::FindingId::PREFIX => Finding::fetch(ctx, id).await?.map(Node::Finding),
        domain::AuditPreviewId::PREFIX => AuditPreview::fetch(ctx, id).await?.map(Node::AuditPreview),
        domain::ThresholdVersionId::PREFIX => ThresholdVersion::fetch(ctx, id).await?.map(Node::ThresholdVersion),
        domain::ClientId::PREFIX => Client::fetch(ctx, id).await?.map(Node::Client),
        domain::DeclaredAssetId::PREFIX => DeclaredAsset::fetch(ctx, id).await?.map(Node::DeclaredAsset),
        domain::ImportId::PREFIX => Import::fetch(ctx, id).await?.map(Node::Import),
        domain::PhoneNumberId::PREFIX => PhoneNumber::fetch(ctx, id).await?.map(Node::PhoneNumber),
        domain::SlaCalendarId::PREFIX => SlaCalendarVersion::fetch(ctx, id).await?.map(Node::SlaCalendarVersion),
        domain::HolidayListId::PREFIX => SlaHolidayListVersion::fetch(ctx, id).await?.map(Node::SlaHolidayListVersion),
        domain::SlaPolicyId::PREFIX => SlaPolicyVersion::fetch(ctx, id).await?.map(Node::SlaPolicyVersion),
        domain::TemplateId::PREFIX => Template::fetch(ctx, id).await?.map(Node::Template),
        domain::WebhookEndpointId::PREFIX => WebhookEndpoint::fetch(ctx, id).await?.map(Node::WebhookEndpoint),
        domain::WabaId::PREFIX => Waba::fetch(ctx, id).await?.map(Node::Waba),
        _ => None,
    })
}

/// Lookups by id.
#[derive(Debug, Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; `null` when there is no such thing for you.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Id of any type.")] id: ID) -> Result<Option<Node>> {
        fetch(ctx, &id).await
    }

    /// Many things by their ids, in the same order; `null` where there is no such thing for you.
    #[graphql(complexity = "ids.len() * (1 + child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids of any types, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST_IDS {
            return Err(bad_input(format!("ask for at most {MOST_IDS} ids")));
        }
        futures::future::try_join_all(ids.iter().map(|id| fetch(ctx, id))).await
    }
}
