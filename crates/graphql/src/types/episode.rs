//! Episodes of enforcement, and how accounts stand.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::{WabaId, enforcement};

use super::{Restriction, Ticket, Waba};
use crate::{context::ContextExt as _, error::FieldError, loaders::Reader, scalars::DateTime, words::graphql_words};

graphql_words! {
    /// The step of Meta's ladder that an episode has reached; inferred from what is blocked, for Meta does not tell.
    EnforcementStage = enforcement::EnforcementStage {
        /// A violation is named, nothing is taken away.
        Warning,
        /// Something beside messaging is restricted: utility templates, calls, more numbers.
        Limited,
        /// Messages that the business starts are blocked for a time.
        ShortBlock,
        /// All messages are blocked for a time.
        FullBlock,
        /// Messages are blocked without end.
        Locked,
        /// The account is to be disabled on a day.
        DisableScheduled,
        /// The account is disabled.
        Disabled,
        /// The account was put off the platform.
        Offboarded,
    }
}

graphql_words! {
    /// How far an account has come on Meta's ladder for utility templates that are none. Its last step, a restriction of the whole
    /// portfolio, shows on each of its accounts as a restriction.
    UtilityMisuse = enforcement::UtilityMisuse {
        /// Meta warns.
        Warned,
        /// Fewer utility messages, for 7 days at least.
        RateLimited,
        /// No utility templates, for 7 days.
        Restricted,
        /// No utility templates, for longer: a repetition.
        RestrictedAgain,
    }
}

graphql_words! {
    /// How an episode ended.
    EpisodeEnd = enforcement::EpisodeEnd {
        /// Meta lifted what it had taken away.
        Lifted,
        /// Everything that was taken away ran out; Meta tells nobody.
        Expired,
        /// A warning after which nothing came.
        Faded,
    }
}

graphql_words! {
    /// What an account can do.
    Capability = enforcement::Capability {
        /// Writing first.
        BusinessInitiated,
        /// Answering people.
        Replies,
        /// Adding numbers.
        AddingNumbers,
        /// Sending utility templates.
        UtilityTemplates,
        /// Calls.
        Calling,
    }
}

graphql_words! {
    /// How far an account can do something.
    CapabilityState = enforcement::CapabilityState {
        /// Nothing stands against it.
        Available,
        /// Less than usual.
        Limited,
        /// Not at all.
        Blocked,
    }
}

/// What an account can do.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct CapabilityStatus {
    /// What.
    capability: Capability,
    /// How far.
    state: CapabilityState,
    /// Until when not; `null` for what is available, and for what is restricted without end.
    until: Option<DateTime>,
}

/// The sign by which an episode reached its step.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StageReason {
    /// In words.
    text: String,
    /// Meta's word: of the violation, the restriction, or the ban.
    sign: Option<String>,
    /// When Meta told.
    at: DateTime,
    /// Until when it holds, when Meta said so; of a disabling that is announced, its day.
    until: Option<DateTime>,
}

/// How an account stands with Meta, as far as is known.
#[derive(Debug, Clone)]
pub(crate) struct Standing(app::enforcement::Standing);

impl Standing {
    /// Of an account, batched.
    pub(crate) async fn load(ctx: &Context<'_>, waba: WabaId) -> Result<Option<Self>> {
        ctx.loader().load_one(OfWaba(waba)).await.map_err(FieldError::show)
    }
}

/// How an account stands with Meta, as far as is known.
#[Object(name = "WabaStanding")]
impl Standing {
    /// What it can do.
    async fn capabilities(&self) -> Vec<CapabilityStatus> {
        let status = |status: &enforcement::CapabilityStatus| CapabilityStatus {
            capability: status.capability.into(),
            state: status.state.into(),
            until: status.until.map(Into::into),
        };
        self.0.capabilities.iter().map(status).collect()
    }

    /// The episode of enforcement that lasts.
    async fn episode(&self) -> Option<EnforcementEpisode> {
        self.0.episode.clone().map(EnforcementEpisode)
    }
}

/// The standing of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct OfWaba(WabaId);

impl Loader<OfWaba> for Reader {
    type Value = Standing;
    type Error = FieldError;

    async fn load(&self, keys: &[OfWaba]) -> Result<HashMap<OfWaba, Standing>, FieldError> {
        let wabas: Vec<_> = keys.iter().map(|key| key.0).collect();
        let standings = app::enforcement::standings(&self.0, &wabas).await.map_err(FieldError::new)?;
        Ok(standings.into_iter().map(|standing| (OfWaba(standing.waba), Standing(standing))).collect())
    }
}

/// What Meta did to an account, from the first sign to the lift or the end.
#[derive(Debug, Clone)]
pub(crate) struct EnforcementEpisode(pub(crate) enforcement::RecordedEpisode);

/// What Meta did to an account, from the first sign to the lift or the end.
#[Object]
impl EnforcementEpisode {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The account.
    async fn waba(&self, ctx: &Context<'_>) -> Result<Option<Waba>> {
        Waba::load(ctx, self.0.waba).await
    }

    /// The first sign.
    async fn opened_at(&self) -> DateTime {
        self.0.episode.opened_at.into()
    }

    /// The last sign.
    async fn last_sign_at(&self) -> DateTime {
        self.0.episode.last_sign_at.into()
    }

    /// When it ended; `null` while it lasts.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.episode.ended.map(|(at, _)| at.into())
    }

    /// How it ended.
    async fn ended_by(&self) -> Option<EpisodeEnd> {
        self.0.episode.ended.map(|(_, how)| how.into())
    }

    /// When it ends by itself, as far as is known now.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.episode.ends_at().map(Into::into)
    }

    /// The highest step of Meta's ladder that it reached; inferred.
    async fn stage(&self) -> EnforcementStage {
        self.0.episode.stage.into()
    }

    /// Why it is taken to have reached that step.
    async fn stage_reason(&self, ctx: &Context<'_>) -> StageReason {
        let episode = &self.0.episode;
        let key = format!("stage-{}-reason", episode.stage.as_str().replace('_', "-"));
        let args = i18n::Args::new().text("sign", episode.reason.sign.as_str());
        StageReason {
            text: i18n::text(ctx.op().lang(), &key, &args),
            sign: Some(episode.reason.sign.clone()).filter(|sign| !sign.is_empty()),
            at: episode.reason.at.into(),
            until: episode.reason.until.map(Into::into),
        }
    }

    /// How far it came on the ladder for misused utility templates; `null` when it is not about them.
    async fn utility_misuse(&self) -> Option<UtilityMisuse> {
        self.0.episode.utility_misuse.map(Into::into)
    }

    /// Meta's words for the violations; an open list.
    async fn violations(&self) -> &[String] {
        &self.0.episode.violations
    }

    /// What is taken away, as it was told last; what has run out too.
    async fn restrictions(&self) -> Vec<Restriction> {
        self.0.episode.restrictions.iter().map(Restriction::of).collect()
    }

    /// The day on which the account is to be disabled.
    async fn disable_at(&self) -> Option<DateTime> {
        self.0.episode.disable_at.map(Into::into)
    }

    /// The ticket that deals with it.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        match self.0.ticket {
            Some(id) => Ticket::load(ctx, id).await,
            None => Ok(None),
        }
    }
}
