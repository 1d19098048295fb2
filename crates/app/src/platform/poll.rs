//! Asking the Graph API how accounts stand: what webhooks do not tell (colours of numbers, ends of restrictions, how much Meta counted)
//! and what they may have failed to tell. Only what differs from what is known is written down, by the same ways as what webhooks
//! tell, and as of the moment of asking: what a webhook told of a later moment stands.
//!
//! One process of a deployment asks, about a few accounts at a time. Meta takes 200 calls an hour for an account; one question about it
//! takes up to 68 (with 6,000 templates), so it is asked about every 20 minutes at most. Who is not answered is asked less and less.

mod assets;
mod standing;
mod volumes;

#[cfg(test)]
mod tests;

use chrono::{DurationRound as _, TimeDelta};
use domain::{
    Instant,
    access::Visibility,
    assets::Waba,
    graph::{AccountVolume, GraphAccess, GraphAccount, asked_again_after},
    notifications::{Notification, NotificationKind, Recipient},
};
use meta::{
    graph::{AccountState, GraphClient, GraphError, NumberState, TemplateState},
    webhook::Event,
};
use store::Tx;

use super::{Source, Told, history::of_waba};
use crate::{OpCtx, OpError, audits, enforcement, notifications::notify};

pub(crate) use volumes::compare;

/// How long a process keeps the work without saying so again.
const HELD: TimeDelta = TimeDelta::minutes(10);
/// Accounts of one look.
const MOST: u64 = 20;

/// The next accounts that are to be asked about, if no other process asks.
///
/// # Errors
/// The database is unavailable.
pub async fn due(op: &OpCtx, holder: &str) -> Result<Vec<Waba>, OpError> {
    let now = op.services().clock.now();
    let tx = op.services().store.write(&Visibility::System).await?;
    let asker = store::webhooks::Consumer { name: "graph", inbox: "", holder };
    let held = store::webhooks::hold(&tx, asker, now, now + HELD).await?;
    let accounts = if held.is_some() { store::graph_accounts::due(&tx, now, MOST).await? } else { Vec::new() };
    tx.commit().await?;
    Ok(accounts)
}

/// What was learned of an account.
struct Learned {
    account: AccountState,
    numbers: Vec<NumberState>,
    templates: Vec<TemplateState>,
    volumes: Vec<AccountVolume>,
}

/// Asks for everything; no transaction is open meanwhile.
async fn ask(graph: &GraphClient, waba: &Waba, volumes: Option<(Instant, Instant)>) -> Result<Learned, GraphError> {
    let account = graph.account(&waba.meta_id).await?;
    let numbers = graph.numbers(&waba.meta_id).await?;
    let templates = graph.templates(&waba.meta_id).await?;
    let volumes = match volumes {
        Some((from, to)) => graph.volumes(&waba.meta_id, from, to).await?,
        None => Vec::new(),
    };
    let volume = |counted: meta::graph::Volume| AccountVolume {
        waba: waba.id,
        client: waba.client,
        from: counted.from,
        to: counted.to,
        sent: counted.sent,
        delivered: counted.delivered,
    };
    Ok(Learned { account, numbers, templates, volumes: volumes.into_iter().map(volume).collect() })
}

/// Asks how an account stands and writes down what differs, and how it was answered. `every` says how often it is asked about.
///
/// # Errors
/// The database is unavailable. What the Graph API refuses is written down, and returned.
pub async fn poll(
    op: &OpCtx,
    graph: &GraphClient,
    waba: &Waba,
    every: TimeDelta,
) -> Result<Result<(), GraphError>, OpError> {
    let asked_at = op.services().clock.now();
    let tx = op.services().store.read(&Visibility::System).await?;
    let before = store::graph_accounts::of_wabas(&tx, &[waba.id]).await?.pop();
    tx.rollback().await?;
    let span = volumes::to_ask(before.as_ref().and_then(|before| before.volumes_at), asked_at);
    let learned = ask(graph, waba, span).await;
    let tx = op.services().store.write(&Visibility::System).await?;
    let told = Told { client: waba.client, waba: waba.id, at: asked_at, event: Event::Other, source: Source::Graph };
    let mut answered = answered(waba, before.as_ref(), learned.as_ref().err(), asked_at, every);
    let had_access = before.map(|before| before.access);
    if had_access != Some(answered.access) {
        of_waba(op, &tx, &told, "graph_access", answered.access.as_str()).await?;
        tell(op, &tx, waba, &answered).await?;
    }
    let outcome = match learned {
        Ok(learned) => {
            if span.is_some() {
                answered.volumes_at = Some(asked_at);
            }
            write(op, &tx, waba, learned, &told).await?;
            Ok(())
        }
        Err(error) => Err(error),
    };
    store::graph_accounts::note(&tx, &answered).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    op.services().ticket_feed.nudge();
    Ok(outcome)
}

async fn write(op: &OpCtx, tx: &Tx, waba: &Waba, learned: Learned, told: &Told) -> Result<(), OpError> {
    assets::account(op, tx, waba, &learned.account, told).await?;
    for number in &learned.numbers {
        assets::number(op, tx, told, number).await?;
    }
    for template in learned.templates {
        assets::template(op, tx, waba, template, told).await?;
    }
    store::graph_accounts::keep_volumes(tx, &learned.volumes, op.services().clock.now()).await?;
    volumes::compare_soon(op, tx, waba.client, &learned.volumes).await?;
    enforcement::follow(op, tx, waba.client, waba.id).await?;
    audits::judge_events(op, tx, waba.client, Some(&waba.name)).await
}

/// How it was answered, and when it is asked again.
fn answered(
    waba: &Waba,
    before: Option<&GraphAccount>,
    error: Option<&GraphError>,
    asked_at: Instant,
    every: TimeDelta,
) -> GraphAccount {
    let (access, code, wait) = match error {
        None => (GraphAccess::Open, None, None),
        Some(GraphError::Token { code }) => (GraphAccess::Token, Some(*code), None),
        Some(GraphError::Permission { code }) => (GraphAccess::Permission, Some(*code), None),
        Some(GraphError::TooMany { code, wait }) => (GraphAccess::TooMany, Some(*code), *wait),
        Some(GraphError::Refused { code, .. }) => (GraphAccess::Refused, Some(*code), None),
        Some(GraphError::Unreachable { .. } | GraphError::Unreadable(_)) => (GraphAccess::Unreachable, None, None),
    };
    let failures = if access == GraphAccess::Open { 0 } else { before.map_or(0, |before| before.failures) + 1 };
    let wait = wait.and_then(|wait| TimeDelta::from_std(wait).ok());
    GraphAccount {
        waba: waba.id,
        client: waba.client,
        access,
        code,
        failures,
        asked_at,
        answered_at: if error.is_none() { Some(asked_at) } else { before.and_then(|before| before.answered_at) },
        volumes_at: before.and_then(|before| before.volumes_at),
        next_at: asked_at + asked_again_after(access, failures, every, wait),
    }
}

/// Tells whoever can mend it: the token is the BSP's, and its administrators renew it, told once a day for all accounts; an account
/// that is not shared is a matter of those who look after its client.
async fn tell(op: &OpCtx, tx: &Tx, waba: &Waba, answered: &GraphAccount) -> Result<(), OpError> {
    let code = answered.code.unwrap_or_default();
    let told = match answered.access {
        GraphAccess::Token => {
            let day = answered.asked_at.duration_trunc(TimeDelta::days(1)).unwrap_or(answered.asked_at);
            let kind = NotificationKind::GraphTokenRefused { code };
            Notification::new(kind, format!("graph_token_refused:{}", day.format("%Y-%m-%d")))
                .to(Recipient::Administrators)
        }
        GraphAccess::Permission => {
            let kind = NotificationKind::GraphAccountRefused { account: waba.name.clone(), code };
            let key = format!("graph_account_refused:{}:{}", waba.id, answered.asked_at.timestamp());
            Notification::new(kind, key).of(waba.client).to(Recipient::Agents)
        }
        _ => return Ok(()),
    };
    notify(op, tx, told).await?;
    Ok(())
}
