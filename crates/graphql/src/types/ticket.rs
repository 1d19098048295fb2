//! A ticket.

mod action;
mod attachment;
mod enforcement;
mod event;
mod link;
mod mail;
mod sentence;
mod submission;
mod summary;
mod timer;
pub(crate) mod words;
mod work;

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use app::{sla::Standing, tickets};
use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::TicketId;

pub(crate) use action::CorrectiveAction;
pub(crate) use attachment::Attachment;
pub(crate) use enforcement::{EnforcementNotice, Restriction};
pub(crate) use event::{TicketEvent, TicketEventType};
use link::TicketLink;
use mail::TicketMail;
pub(crate) use submission::Submission;
use summary::TicketSummary;
pub(crate) use timer::{SlaMetric, SlaTimer, SlaTimerState, TicketTurnTotal};
use words::{
    Appealable, TicketAction, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus, WaitingOn,
};
pub(crate) use work::{ReplyMacro, SavedView, Team};

use super::{Client, Finding, PhoneNumber, Template, User, Waba};
use crate::{
    at_once::AtOnce,
    context::ContextExt as _,
    error::{FieldError, IntoFieldError},
    loaders::Reader,
    page::{Connection, PageArguments, connection},
    scalars::DateTime,
};

/// The work toward unblocking: what Meta took away, where the work stands, and whose turn it is.
#[derive(Debug, Clone)]
pub(crate) struct Ticket(pub(crate) domain::tickets::Ticket, Box<Beside>);

/// What was read together with a ticket; the rest is read when it is asked for.
#[derive(Debug, Clone, Default)]
struct Beside {
    client: Option<AtOnce<Client>>,
    phone_number: Option<AtOnce<PhoneNumber>>,
    standing: Option<Arc<Standing>>,
}

impl From<domain::tickets::Ticket> for Ticket {
    fn from(ticket: domain::tickets::Ticket) -> Self {
        Self(ticket, Box::default())
    }
}

impl From<tickets::Listed> for Ticket {
    fn from(listed: tickets::Listed) -> Self {
        let beside = Beside {
            client: listed.client.map(Client).map(AtOnce),
            phone_number: listed.phone_number.map(PhoneNumber).map(AtOnce),
            standing: listed.standing,
        };
        Self(listed.ticket, Box::new(beside))
    }
}

impl Ticket {
    /// What of it is worth reading together with a whole page.
    pub(crate) const RELATIONS: [&str; 2] = ["client", "phoneNumber"];
    /// What needs to know how the promises stand.
    pub(crate) const PROMISES: [&str; 3] = ["slaTimers", "slaExplanationCsv", "turnTotals"];

    async fn standing(&self, ctx: &Context<'_>) -> Result<Option<Arc<Standing>>> {
        if self.1.standing.is_some() {
            return Ok(self.1.standing.clone());
        }
        ctx.loader().load_one(timer::StandingOf(self.0.id)).await.map_err(FieldError::show)
    }

    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<TicketId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: TicketId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// The work toward unblocking: what Meta took away, where the work stands, and whose turn it is.
#[Object]
impl Ticket {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The reference that people use, such as `T-00001234`.
    #[graphql(name = "ref")]
    async fn reference(&self) -> String {
        self.0.reference()
    }

    /// Whose account it is about.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Cow<'_, AtOnce<Client>>>> {
        match &self.1.client {
            Some(client) => Ok(Some(Cow::Borrowed(client))),
            None => Ok(Client::load(ctx, self.0.client).await?.map(AtOnce).map(Cow::Owned)),
        }
    }

    /// What is blocked or refused.
    async fn kind(&self) -> TicketKind {
        self.0.kind.into()
    }

    /// Where in Meta's hierarchy.
    async fn level(&self) -> TicketLevel {
        self.0.level.into()
    }

    /// How much of the client's messaging stands still.
    async fn priority(&self) -> TicketPriority {
        self.0.priority.into()
    }

    /// Where it stands.
    async fn status(&self) -> TicketStatus {
        self.0.status.into()
    }

    /// Where it stands and whose turn it is, in plain words of the reader's language.
    async fn status_text(&self, ctx: &Context<'_>) -> String {
        let lang = ctx.op().lang();
        let status = i18n::word(lang, i18n::Group::TicketStatusExplained, self.0.status.as_str());
        if !self.0.status.is_open() {
            return status;
        }
        let turn = i18n::word(lang, i18n::Group::Turn, self.0.waiting_on.as_str());
        format!("{status} {turn}")
    }

    /// Who has the ball.
    async fn waiting_on(&self) -> WaitingOn {
        self.0.waiting_on.into()
    }

    /// How it ended, once closed.
    async fn outcome(&self) -> Option<TicketOutcome> {
        self.0.outcome.map(Into::into)
    }

    /// How it will have ended, by what Meta said or what the recovery came from, for a person to confirm by closing; `null` for who
    /// may not see what is internal.
    async fn proposed_outcome(&self, ctx: &Context<'_>) -> Option<TicketOutcome> {
        let may_see = ctx.op().actor().may(domain::access::Permission::TicketsInternal);
        self.0.proposed_outcome.filter(|_| may_see).map(Into::into)
    }

    /// One line for people.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The account, when one is meant.
    async fn waba(&self, ctx: &Context<'_>) -> Result<Option<Waba>> {
        match self.0.waba {
            Some(id) => Waba::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The number, when one is meant.
    async fn phone_number(&self, ctx: &Context<'_>) -> Result<Option<Cow<'_, AtOnce<PhoneNumber>>>> {
        match (&self.1.phone_number, self.0.phone_number) {
            (Some(number), _) => Ok(Some(Cow::Borrowed(number))),
            (None, Some(id)) => Ok(PhoneNumber::load(ctx, id).await?.map(AtOnce).map(Cow::Owned)),
            (None, None) => Ok(None),
        }
    }

    /// The template, when one is meant.
    async fn template(&self, ctx: &Context<'_>) -> Result<Option<Template>> {
        match self.0.template {
            Some(id) => Template::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Who works on it; `null` for who may not see what is internal.
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.assignee {
            Some(id) if ctx.op().actor().may(domain::access::Permission::TicketsInternal) => User::load(ctx, id).await,
            _ => Ok(None),
        }
    }

    /// The team that it was given to; `null` for who may not see what is internal.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.team {
            Some(id) if ctx.op().actor().may(domain::access::Permission::TicketsInternal) => {
                ctx.loader().load_one(id).await.map_err(FieldError::show)
            }
            _ => Ok(None),
        }
    }

    /// Its tags; none for who may not see what is internal.
    #[graphql(complexity = 2)]
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let tags = ctx.loader().load_one(work::TagsOf(self.0.id)).await.map_err(FieldError::show)?;
        Ok(tags.unwrap_or_default())
    }

    /// Who of the staff watches it, as far as you may see users; nobody for who may not see what is internal.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn watchers(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let watchers = ctx.loader().load_one(work::WatchersOf(self.0.id)).await.map_err(FieldError::show)?;
        work::people(ctx, &watchers.unwrap_or_default()).await
    }

    /// What a client needs to know of it, in plain words of the reader's language.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn summary(&self, ctx: &Context<'_>) -> Result<TicketSummary> {
        TicketSummary::of(ctx, self).await
    }

    /// Until when Meta takes an appeal, by the published word of BSPs.
    async fn appeal_deadline_at(&self) -> Option<DateTime> {
        self.0.appeal_deadline.map(Into::into)
    }

    /// Whether Meta takes an appeal.
    async fn appealable(&self) -> Appealable {
        self.0.appealable.into()
    }

    /// The open statuses to which `ticketMove` may move it.
    async fn next_statuses(&self) -> Vec<TicketStatus> {
        self.0.status.next().iter().copied().map(Into::into).collect()
    }

    /// What you may do with it now, as far as the ticket itself tells.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Vec<TicketAction> {
        tickets::possible(ctx.op(), &self.0).into_iter().map(Into::into).collect()
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        self.0.opened_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(Into::into)
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The promises: when they are due, whether they are kept.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn sla_timers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of these metrics alone; absent, of all.")] metrics: Option<Vec<SlaMetric>>,
    ) -> Result<Vec<AtOnce<SlaTimer>>> {
        let standing = self.standing(ctx).await?;
        Ok(standing.as_ref().map(|standing| timer::timers(standing, metrics.as_deref())).unwrap_or_default())
    }

    /// Where the time of every promise went and why, as CSV (RFC 4180, UTF-8, with a header): a row for each stretch of time. Texts are
    /// in the reader's language and the client's zone; what is counted sums to the elapsed seconds.
    #[graphql(complexity = 50)]
    async fn sla_explanation_csv(&self, ctx: &Context<'_>) -> Result<String> {
        let standing = self.standing(ctx).await?;
        let client = match &self.1.client {
            Some(client) => Some(client.0.clone()),
            None => Client::load(ctx, self.0.client).await?,
        };
        let zone = client.map(|client| client.0.time_zone).unwrap_or_default();
        let timers = standing.as_ref().map_or(&[][..], |standing| standing.timers.as_slice());
        Ok(app::sla::explanation_csv(ctx.op().lang(), &self.0, timers, &app::sla::zone(&zone)))
    }

    /// For how long each side had the ball, by the clock on the wall: the time at Meta among them.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn turn_totals(&self, ctx: &Context<'_>) -> Result<Vec<TicketTurnTotal>> {
        let standing = self.standing(ctx).await?;
        Ok(standing.as_ref().map(timer::turn_totals).unwrap_or_default())
    }

    /// What was handed to Meta, first attempt first.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn submissions(&self, ctx: &Context<'_>) -> Result<Vec<Submission>> {
        let submissions =
            ctx.loader().load_one(submission::SubmissionsOf(self.0.id)).await.map_err(FieldError::show)?;
        Ok(submissions.unwrap_or_default())
    }

    /// What has to be mended, first added first.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn corrective_actions(&self, ctx: &Context<'_>) -> Result<Vec<CorrectiveAction>> {
        let actions = ctx.loader().load_one(action::ActionsOf(self.0.id)).await.map_err(FieldError::show)?;
        Ok(actions.unwrap_or_default())
    }

    /// Its files that you may see, first added first.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let files = ctx.loader().load_one(attachment::AttachmentsOf(self.0.id)).await.map_err(FieldError::show)?;
        Ok(files.unwrap_or_default())
    }

    /// The tickets that belong to it, first tied first.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<TicketLink>> {
        let links = ctx.loader().load_one(link::LinksOf(self.0.id)).await.map_err(FieldError::show)?;
        Ok(links.unwrap_or_default())
    }

    /// The findings that were tied to it as evidence.
    #[graphql(complexity = "10 + 10 * child_complexity")]
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        let findings = ctx.loader().load_one(FindingsOf(self.0.id)).await.map_err(FieldError::show)?;
        Ok(findings.unwrap_or_default())
    }

    /// Everything that happened, oldest first; what is internal is there only for who may see it.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<TicketEvent>> {
        let arguments = PageArguments::parse(&format!("timeline:{}", self.0.id), first, after)?;
        let page = tickets::timeline_page(ctx.op(), self.0.id, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, TicketEvent))
    }

    /// What people were told of it by mail, and whether it arrived, the latest first; nothing for who may not see what is internal.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn mails(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<TicketMail>> {
        let arguments = PageArguments::parse(&format!("mails:{}", self.0.id), first, after)?.descending();
        let page = app::notifications::of_ticket(ctx.op(), self.0.id, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, TicketMail))
    }
}

impl Loader<TicketId> for Reader {
    type Value = Ticket;
    type Error = FieldError;

    async fn load(&self, ids: &[TicketId]) -> Result<HashMap<TicketId, Ticket>, FieldError> {
        let tickets = tickets::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(tickets.into_iter().map(|ticket| (ticket.id, ticket.into())).collect())
    }
}

/// Key of the findings of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct FindingsOf(TicketId);

impl Loader<FindingsOf> for Reader {
    type Value = Vec<Finding>;
    type Error = FieldError;

    async fn load(&self, keys: &[FindingsOf]) -> Result<HashMap<FindingsOf, Vec<Finding>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let findings = tickets::findings_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(findings
            .into_iter()
            .map(|(ticket, findings)| (FindingsOf(ticket), findings.into_iter().map(Finding).collect()))
            .collect())
    }
}
