//! Queries of what Meta tells: episodes of enforcement, the history of assets, how a block came, and how it stands with webhooks.

use app::{meta_webhooks, page::Span};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::{PhoneNumberId, TemplateId, WabaId, assets::AssetKind};

use crate::{
    context::ContextExt as _,
    error::{IntoFieldError, bad_input},
    page::{Connection, ConnectionWith, PageArguments, connection, connection_with},
    scalars::{BigInt, DateTime},
    types::{AssetChange, EnforcementEpisode, PlatformIncident, TimelineBlock, TimelineEntry, VolumeCheck},
};

/// Queries of what Meta tells.
#[derive(Debug, Default)]
pub(crate) struct PlatformQuery;

/// A time.
#[derive(Debug, Clone, Copy, InputObject)]
pub(crate) struct TimeSpan {
    /// From when on.
    from: DateTime,
    /// Until when; this instant is no longer part of it.
    to: DateTime,
}

/// The asset of an id; what is no asset's has no history.
fn asset(id: &ID) -> Option<(AssetKind, uuid::Uuid)> {
    let waba = id.parse::<WabaId>().map(|id| (AssetKind::Waba, id.uuid()));
    let number = || id.parse::<PhoneNumberId>().map(|id| (AssetKind::PhoneNumber, id.uuid()));
    let template = || id.parse::<TemplateId>().map(|id| (AssetKind::Template, id.uuid()));
    waba.or_else(|_| number()).or_else(|_| template()).ok()
}

fn waba(id: &ID) -> Result<WabaId> {
    id.parse().map_err(|_| bad_input("give the id of an account"))
}

#[Object]
impl PlatformQuery {
    /// Episodes of enforcement against an account, the latest first. Requires `enforcement:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn enforcement_episodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] waba_id: ID,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<EnforcementEpisode>> {
        let waba = waba(&waba_id)?;
        let arguments = PageArguments::parse(&format!("episodes:{waba}"), first, after)?.descending();
        let page = app::enforcement::episodes_page(ctx.op(), waba, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, EnforcementEpisode))
    }

    /// What became of an account, number or template, the latest first. Requires `assets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn asset_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, number or template.")] asset_id: ID,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<AssetChange>> {
        let asset = asset(&asset_id);
        let arguments = PageArguments::parse(&format!("changes:{asset:?}"), first, after)?.descending();
        let page = app::assets::changes_page(ctx.op(), asset, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, AssetChange))
    }

    /// How a block came: what happened to an account in a time, in one order, the earliest first; and its last block in that time,
    /// with the finding that stood before it. Findings and volumes are those of the client's whole traffic. `null` when there is no
    /// such account. Requires `enforcement:read`; assets, audits and tickets are shown to those who may read them.
    #[graphql(complexity = "50 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn waba_timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] waba_id: ID,
        #[graphql(desc = "The time.")] during: TimeSpan,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<ConnectionWith<TimelineEntry, TimelineBlock>>> {
        let (waba, span) = (waba(&waba_id)?, Span { from: during.from.0, to: during.to.0 });
        let arguments = PageArguments::parse(&format!("timeline:{waba}:{span:?}"), first, after)?;
        match app::timeline::of_waba(ctx.op(), waba, span, arguments.keyset()).await {
            Ok((page, block)) => Ok(Some(connection_with(&arguments, page, TimelineBlock(block), TimelineEntry))),
            Err(app::OpError::NotFound) => Ok(None),
            Err(error) => Err(error.into_field_error()),
        }
    }

    /// What Meta counted of a client's accounts, day by day, beside what the send log holds, the latest 30 days first: messages that
    /// were not sent through the BSP; by account where the client has several. Requires `audits:read`.
    #[graphql(complexity = "5 + 30 * child_complexity")]
    async fn volume_checks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client.")] client_id: ID,
    ) -> Result<Vec<VolumeCheck>> {
        let client = client_id.parse().map_err(|_| bad_input("give the id of a client"))?;
        let checks = app::assets::volume_checks(ctx.op(), client).await.map_err(IntoFieldError::into_field_error)?;
        Ok(checks.into_iter().map(|(day, accounts)| VolumeCheck(day, accounts)).collect())
    }

    /// Words by which people say stop, of a client or, without one, of the BSP; those that the product knows in Italian and English
    /// hold besides. `null` when there is no such client. Requires `audits:read`.
    async fn stop_words(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client; absent, the BSP.")] client_id: Option<ID>,
    ) -> Result<Option<Vec<String>>> {
        match app::stop_words::own(ctx.op(), crate::id::optional(client_id.as_ref())?).await {
            Ok(words) => Ok(Some(words)),
            Err(app::OpError::NotFound) => Ok(None),
            Err(error) => Err(error.into_field_error()),
        }
    }

    /// Incidents of the platform, the latest first: one error up at many clients at once; nothing for whoever may not know of all
    /// clients. Requires `jobs:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn platform_incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Option<Connection<PlatformIncident>>> {
        let arguments = PageArguments::parse("incidents", first, after)?.descending();
        match app::incidents::page(ctx.op(), arguments.keyset()).await {
            Ok(page) => Ok(Some(connection(&arguments, page, PlatformIncident))),
            Err(app::OpError::NotFound) => Ok(None),
            Err(error) => Err(error.into_field_error()),
        }
    }

    /// How it stands with webhooks of Meta; `null` for whoever may not know of all clients. Requires `jobs:read`.
    async fn webhook_insight(&self, ctx: &Context<'_>) -> Result<Option<WebhookInsight>> {
        let insight = match meta_webhooks::insight(ctx.op()).await {
            Err(app::OpError::NotFound) => return Ok(None),
            insight => insight.map_err(IntoFieldError::into_field_error)?,
        };
        let accounts = insight.unclaimed.into_iter();
        let unclaimed = accounts.map(|(meta_id, changes)| UnclaimedAccount { meta_id, changes: BigInt(changes) });
        let oddities = insight.oddities.into_iter().map(|odd| WebhookOddity {
            kind: odd.what.kind,
            place: odd.what.place,
            word: Some(odd.what.word).filter(|word| !word.is_empty()),
            count: BigInt(odd.count),
            first_at: odd.first_at.into(),
            last_at: odd.last_at.into(),
        });
        Ok(Some(WebhookInsight {
            traffic_waiting: BigInt(insight.traffic_waiting),
            notices_waiting: BigInt(insight.notices_waiting),
            unclaimed: unclaimed.collect(),
            unplaced: BigInt(insight.unplaced),
            oddities: oddities.collect(),
        }))
    }
}

/// How it stands with webhooks of Meta.
#[derive(Debug, SimpleObject)]
struct WebhookInsight {
    /// Bodies that tell of messages and are not dealt with yet.
    traffic_waiting: BigInt,
    /// Bodies that tell of anything else and are not.
    notices_waiting: BigInt,
    /// Accounts that no client has; their changes wait until one has them.
    unclaimed: Vec<UnclaimedAccount>,
    /// Statuses that do not say to whom the message went; they wait until the send log or another status tells.
    unplaced: BigInt,
    /// What was not understood, the latest first, 20 at most.
    oddities: Vec<WebhookOddity>,
}

/// An account that no client has.
#[derive(Debug, SimpleObject)]
struct UnclaimedAccount {
    /// Meta's id.
    meta_id: String,
    /// Changes that wait.
    changes: BigInt,
}

/// Something of webhooks that this release does not understand.
#[derive(Debug, SimpleObject)]
struct WebhookOddity {
    /// `unknown_field`, `unknown_word` or `unreadable`.
    kind: String,
    /// Where it stands.
    place: String,
    /// The word, of an unknown one.
    word: Option<String>,
    /// How often it came.
    count: BigInt,
    /// When it came first.
    first_at: DateTime,
    /// When it came last.
    last_at: DateTime,
}
