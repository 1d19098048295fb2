//! What is told of accounts, numbers, templates and preferences, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ClientId, Instant, WabaId};
use meta::webhook::{Change, Event};
use store::{Delivery, StoreError, Tx, webhooks::Unclaimed};

use super::{
    accounts::{Accounts, unclaimed},
    opt_outs::{self, Decision},
};
use crate::{
    OpCtx, OpError, audits, enforcement,
    platform::{Source, Told, tell},
};

/// What was not understood, and how often.
#[derive(Debug, Default)]
pub(super) struct Oddities(BTreeMap<store::webhooks::Oddity, i64>);

impl Oddities {
    /// Notes what is odd about a change.
    pub(super) fn note(&mut self, change: &Change) {
        for odd in &change.odd {
            let what = store::webhooks::Oddity {
                kind: odd.kind.as_str().to_owned(),
                place: odd.place.clone(),
                word: odd.word.clone(),
            };
            *self.0.entry(what).or_default() += 1;
        }
    }
}

/// Counts what was not understood, and tells the log of what is new.
pub(super) async fn count_oddities(tx: &Tx, oddities: Oddities, now: Instant) -> Result<(), StoreError> {
    for new in store::webhooks::count_oddities(tx, oddities.0, now).await? {
        tracing::info!(
            odd.kind = new.kind,
            odd.place = new.place,
            odd.word = new.word,
            "a webhook holds what nobody knows"
        );
    }
    Ok(())
}

/// What a batch tells; nothing of it counts before [`apply`], the decisions of people aside, which are in the ledger already.
#[derive(Debug)]
pub(super) struct Staged {
    told: Vec<Told>,
    unclaimed: Vec<Unclaimed>,
    oddities: Oddities,
}

/// Reads a batch, and enters the decisions that it holds.
pub(super) async fn stage(op: &OpCtx, batch: &[Delivery]) -> Result<Staged, OpError> {
    let mut staged = Staged { told: Vec::new(), unclaimed: Vec::new(), oddities: Oddities::default() };
    let mut changes: Vec<(&Delivery, usize, Change)> = Vec::new();
    for delivery in batch {
        // What was stored was read once already.
        for (ordinal, change) in meta::webhook::read(&delivery.body).unwrap_or_default().into_iter().enumerate() {
            if !matches!(change.event, Event::Messages(_)) {
                staged.oddities.note(&change);
                changes.push((delivery, ordinal, change));
            }
        }
    }
    let tx = op.services().store.read(op.visibility()).await?;
    let accounts = Accounts::named_by(&tx, &changes.iter().map(|(_, _, change)| change).collect::<Vec<_>>()).await?;
    tx.rollback().await?;
    let mut decisions: BTreeMap<ClientId, Vec<Decision>> = BTreeMap::new();
    for (delivery, ordinal, change) in changes {
        let Some(waba) = accounts.waba(&change) else {
            staged.unclaimed.extend(unclaimed(delivery, ordinal, &change));
            continue;
        };
        if let Event::Preferences(preferences) = &change.event {
            let decided =
                preferences.iter().map(|preference| opt_outs::of_preference(preference, delivery.received_at));
            decisions.entry(waba.client).or_default().extend(decided);
        } else {
            let at = change.at.unwrap_or(delivery.received_at);
            staged.told.push(Told {
                client: waba.client,
                waba: waba.id,
                at,
                event: change.event,
                source: Source::Webhook,
            });
        }
    }
    for (client, decisions) in decisions {
        opt_outs::enter(op, client, &decisions).await?;
    }
    Ok(staged)
}

/// Lets a batch have its effects, with the rest of the transaction.
pub(super) async fn apply(op: &OpCtx, tx: &Tx, staged: Staged) -> Result<(), OpError> {
    let mut touched: BTreeMap<WabaId, ClientId> = BTreeMap::new();
    for told in &staged.told {
        if tell(op, tx, told).await? {
            touched.insert(told.waba, told.client);
        }
    }
    for (waba, client) in touched {
        enforcement::follow(op, tx, client, waba).await?;
    }
    alert(op, tx, &staged.told).await?;
    store::webhooks::keep_unclaimed(tx, staged.unclaimed).await?;
    count_oddities(tx, staged.oddities, op.services().clock.now()).await?;
    Ok(())
}

/// Has the rules judge at once what a batch told, client by client.
async fn alert(op: &OpCtx, tx: &Tx, told: &[Told]) -> Result<(), OpError> {
    let mut clients: BTreeMap<ClientId, BTreeSet<WabaId>> = BTreeMap::new();
    for told in told {
        clients.entry(told.client).or_default().insert(told.waba);
    }
    for (client, wabas) in clients {
        let wabas: Vec<_> = wabas.into_iter().collect();
        let account = match wabas.as_slice() {
            [one] => store::wabas::by_ids(tx, &[*one]).await?.pop().map(|waba| waba.name),
            _ => None,
        };
        audits::judge_events(op, tx, client, account.as_deref()).await?;
    }
    Ok(())
}
