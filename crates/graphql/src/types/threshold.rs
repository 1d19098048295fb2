//! Thresholds of the rules: what holds, what it came from, and the versions that set it.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::{
    ThresholdVersionId,
    thresholds::{self, InForce, ThresholdKey},
};

use super::{Client, User};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{DateTime, Json},
};

/// What a threshold came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ThresholdSource {
    /// Nobody has set it: the default of the release.
    Default,
    /// The BSP has set it for all clients.
    Bsp,
    /// It was set for this client.
    Client,
}

/// A threshold, as it holds.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Threshold {
    /// Family and name, such as `consent.noneCriticalShare`; the path into `values` of `thresholdsSet`.
    key: String,
    /// Ids of the rules that it moves.
    rules: Vec<&'static str>,
    /// Its value: a number, mostly.
    value: Json,
    /// What it is when nobody sets it.
    default_value: Json,
    /// The least value that it can have; `null` for what is no number.
    least: Option<f64>,
    /// The greatest value that it can have; `null` for what is no number.
    greatest: Option<f64>,
    /// What it came from.
    source: ThresholdSource,
    /// Where the value comes from: the reason of the version that set it, or the sources of the default (English).
    source_text: String,
    /// The version that set it; `null` for a default.
    version: Option<ThresholdVersion>,
}

impl Threshold {
    /// `value` of `key`, which `in_force` set, or nobody.
    fn new(key: &ThresholdKey, value: serde_json::Value, in_force: &InForce) -> Self {
        let setter = in_force.setter(&key.path);
        Self {
            key: key.path.clone(),
            rules: key.rules.iter().map(|rule| rule.as_str()).collect(),
            value: Json(value),
            default_value: Json(key.default.clone()),
            least: key.bounds.map(|bounds| bounds.least),
            greatest: key.bounds.map(|bounds| bounds.greatest),
            source: match setter {
                None => ThresholdSource::Default,
                Some(version) if version.client.is_some() => ThresholdSource::Client,
                Some(_) => ThresholdSource::Bsp,
            },
            source_text: setter.map_or_else(|| key.source(), |version| version.reason.clone()),
            version: setter.cloned().map(ThresholdVersion),
        }
    }

    /// All keys, with `values` over the defaults.
    pub(crate) fn all(values: &thresholds::Overrides, in_force: &InForce) -> Vec<Self> {
        let value = |key: &ThresholdKey| values.get(&key.path).unwrap_or(&key.default).clone();
        thresholds::catalogue().iter().map(|key| Self::new(key, value(key), in_force)).collect()
    }
}

/// A version of thresholds. It is never changed.
#[derive(Debug, Clone)]
pub(crate) struct ThresholdVersion(pub(crate) thresholds::ThresholdVersion);

impl ThresholdVersion {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<ThresholdVersionId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }

    /// By their ids, batched, in the same order; without those that the actor may not know of.
    pub(crate) async fn load_many(ctx: &Context<'_>, ids: &[ThresholdVersionId]) -> Result<Vec<Self>> {
        let mut found = ctx.loader().load_many(ids.iter().copied()).await.map_err(FieldError::show)?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

/// A version of thresholds. It is never changed.
#[Object]
impl ThresholdVersion {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose; `null` for the BSP's own, which hold for every client.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match self.0.client {
            Some(id) => Client::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Counts the versions of the same owner, from 1; for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What it sets, nested by family. The rest comes from the BSP's version, or from the defaults.
    async fn values(&self) -> Json {
        Json(self.0.overrides.to_json())
    }

    /// From when it holds.
    async fn effective_at(&self) -> DateTime {
        self.0.effective_at.into()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Who made it; `null` for a program, and for those who may not see users.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.author {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Where the values come from, or why they were chosen.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}

/// The thresholds of a client, or of the BSP, at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Thresholds(pub(crate) app::thresholds::Current);

/// The thresholds of a client, or of the BSP, at an instant.
#[Object]
impl Thresholds {
    /// Whose; `null` for the BSP's own.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match self.0.client {
            Some(id) => Client::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The instant.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Every threshold, by key.
    #[graphql(complexity = "5 + 50 * child_complexity")]
    async fn values(&self) -> Vec<Threshold> {
        let layers = self.0.in_force.versions().map(|version| &version.overrides);
        let all = layers.fold(thresholds::Overrides::default(), |all, layer| all.with(layer));
        Threshold::all(&all, &self.0.in_force)
    }

    /// The versions that hold then: the BSP's before the client's; none where the defaults hold.
    async fn versions(&self) -> Vec<ThresholdVersion> {
        self.0.in_force.versions().cloned().map(ThresholdVersion).collect()
    }

    /// Number of the owner's last version, whether it holds then or not, for `expectedVersion`; 0 when there is none.
    async fn latest_version(&self) -> i32 {
        self.0.latest
    }
}

impl Loader<ThresholdVersionId> for Reader {
    type Value = ThresholdVersion;
    type Error = FieldError;

    async fn load(
        &self,
        ids: &[ThresholdVersionId],
    ) -> Result<HashMap<ThresholdVersionId, ThresholdVersion>, FieldError> {
        let versions = app::thresholds::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(versions.into_iter().map(|version| (version.id, ThresholdVersion(version))).collect())
    }
}
