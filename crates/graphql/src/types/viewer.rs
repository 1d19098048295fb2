//! Whoever asks.

use app::OpCtx;
use async_graphql::{Context, Result, SimpleObject};
use domain::access::{Actor, Permission};

use super::{Client, User};
use crate::{context::ContextExt as _, error::IntoFieldError};

/// Whoever asks: a person or a program, and what it may do. Hide what the viewer may not do.
#[derive(Debug, SimpleObject)]
pub(crate) struct Viewer {
    /// The person; absent for a program.
    user: Option<User>,
    /// The client whose side the viewer is on; absent for the BSP's.
    client: Option<Client>,
    /// Whether a member of staff looks at what this client sees, and so changes nothing.
    is_viewing_as_client: bool,
    /// What the viewer may do, such as `tickets:read`, on what it may know of.
    permissions: Vec<&'static str>,
}

impl Viewer {
    /// Whoever asks; `None` for nobody.
    pub(crate) async fn of(ctx: &Context<'_>) -> Result<Option<Self>> {
        let op = ctx.op();
        if *op.actor() == Actor::Anonymous {
            return Ok(None);
        }
        let user = match op.actor().user() {
            Some(id) => User::load(ctx, id).await?,
            None => None,
        };
        let client = match op.actor().client() {
            Some(id) => Client::load(ctx, id).await?,
            None => None,
        };
        let is_viewing_as_client = matches!(op.actor(), Actor::Viewing { .. });
        Ok(Some(Self { user, client, is_viewing_as_client, permissions: permissions(op.actor()) }))
    }

    /// Somebody who has just signed in, while the rest of the document still runs as nobody.
    pub(crate) async fn entered(ctx: &Context<'_>, user: domain::accounts::User) -> Result<Self> {
        let op = ctx.op();
        let own = OpCtx::new(op.services().clone(), user.actor(), user.language.parse().unwrap_or(op.lang()));
        let client = match user.client {
            Some(id) => {
                let found = app::clients::by_ids(&own, &[id]).await.map_err(IntoFieldError::into_field_error)?;
                found.into_iter().next().map(Client)
            }
            None => None,
        };
        let permissions = permissions(own.actor());
        Ok(Self {
            user: Some(User::with_client(user, client.clone())),
            client,
            is_viewing_as_client: false,
            permissions,
        })
    }
}

/// Times of the day between which a person is not to be woken.
#[derive(Debug, SimpleObject)]
pub(crate) struct QuietHours {
    /// IANA zone.
    time_zone: String,
    /// When they begin, such as `22:00`.
    begins: String,
    /// When they end; on the next day, if that is not after they begin.
    ends: String,
}

impl From<domain::sla::QuietHours> for QuietHours {
    fn from(hours: domain::sla::QuietHours) -> Self {
        Self { time_zone: hours.time_zone, begins: hours.begins.to_string(), ends: hours.ends.to_string() }
    }
}

fn permissions(actor: &Actor) -> Vec<&'static str> {
    actor.permissions().iter().map(Permission::as_str).collect()
}
