//! Lists of tickets that people keep: a filter and an order, as the API takes them; each sees its own. Whose a list is alone decides
//! who sees it, not for which clients the person works today: so they are read and written as the product itself does.

use domain::{
    SavedViewId, UserId,
    access::{
        Permission::{TicketsOpen, TicketsRead},
        Visibility,
    },
    tickets::SavedView,
};
use serde_json::Value;

use super::super::{
    TicketCode,
    change::{refuse, text},
};
use crate::{NoCode, OpCtx, OpError};

/// Lists of one person at most.
const MOST_VIEWS: usize = 100;
/// Longest list, as JSON.
const LONGEST_VIEW: usize = 10_000;

/// A list to be kept.
#[derive(Debug, Clone)]
pub struct NewView {
    /// Name; one of the same name is replaced.
    pub name: String,
    /// What it shows.
    pub view: Value,
}

/// The actor's lists, by name; of a program there are none.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn views(op: &OpCtx) -> Result<Vec<SavedView>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    match op.actor().user() {
        Some(user) => {
            let tx = op.services().store.read(&Visibility::System).await?;
            Ok(store::saved_views::of_user(&tx, user).await?)
        }
        None => Ok(Vec::new()),
    }
}

fn person(op: &OpCtx) -> Result<UserId, OpError<TicketCode>> {
    op.require(TicketsOpen)?;
    op.actor().user().ok_or(OpError::NotFound)
}

/// Keeps a list.
///
/// # Errors
/// `NameInvalid`; `ViewInvalid` when it is too long; `TooManyViews`; `NotFound` for a program.
pub async fn save_view(op: &OpCtx, input: NewView) -> Result<SavedView, OpError<TicketCode>> {
    let user = person(op)?;
    let name = text(&input.name, 100, TicketCode::NameInvalid, "name")?;
    let written = input.view.to_string();
    // PostgreSQL keeps no NUL in JSON.
    if written.len() > LONGEST_VIEW || written.contains("\\u0000") {
        return refuse(TicketCode::ViewInvalid, "view");
    }
    let tx = op.write_as_system().await?;
    let kept = store::saved_views::of_user(&tx, user).await?;
    let before = kept.iter().find(|view| view.name == name);
    if before.is_none() && kept.len() >= MOST_VIEWS {
        return refuse(TicketCode::TooManyViews, "name");
    }
    let client = match op.visibility() {
        Visibility::Clients(clients) => clients.first().copied(),
        Visibility::System | Visibility::AllClients => None,
    };
    let view = match before {
        Some(before) => SavedView { view: input.view, ..before.clone() },
        None => SavedView {
            id: SavedViewId::new(op.now(), op.random()),
            user,
            client,
            name,
            view: input.view,
            created_at: op.now(),
        },
    };
    store::saved_views::save(&tx, &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// Forgets a list.
///
/// # Errors
/// `NotFound`; `Forbidden` without `tickets:open`.
pub async fn delete_view(op: &OpCtx, id: SavedViewId) -> Result<(), OpError<TicketCode>> {
    let user = person(op)?;
    let tx = op.write_as_system().await?;
    if !store::saved_views::delete(&tx, user, id).await? {
        return Err(OpError::NotFound);
    }
    Ok(tx.commit().await?)
}
