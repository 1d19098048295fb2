//! What is told of accounts, numbers, templates and preferences, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ClientId, WabaId};
use meta::webhook::{Change, Event};
use store::{Delivery, Tx, webhooks::Unclaimed};

use super::{
    accounts::{Accounts, unclaimed},
    aside,
    clocks::happened,
    oddities::Oddities,
    opt_outs::{self, Decision},
};
use crate::{
    OpCtx, OpError, audits, enforcement,
    platform::{Source, Told, tell},
};

/// What a batch tells; nothing of it counts before [`apply`], the decisions of people aside, which are in the ledger already.
#[derive(Debug)]
pub(super) struct Staged {
    told: Vec<Told>,
    unclaimed: Vec<Unclaimed>,
    oddities: Oddities,
}

/// Reads a batch, and enters the decisions that it holds.
pub(super) async fn stage(op: &OpCtx, batch: Vec<Delivery>) -> Result<Staged, OpError> {
    let (batch, changes, mut oddities) = aside(move || read(batch)).await?;
    let tx = op.services().store.read(op.visibility()).await?;
    let accounts = Accounts::named_by(&tx, changes.iter().map(|(_, _, change)| change)).await?;
    tx.rollback().await?;
    let mut decisions: BTreeMap<ClientId, Vec<Decision>> = BTreeMap::new();
    let (mut told, mut unknown) = (Vec::new(), Vec::new());
    for (body, ordinal, change) in changes {
        let delivery = &batch[body];
        let received_at = delivery.received_at;
        let Some(waba) = accounts.waba(&change) else {
            match unclaimed(delivery, ordinal, &change) {
                Some(unclaimed) => unknown.push(unclaimed),
                // A partner's own matter is nobody's account.
                None if change.field == "partner_solutions" => {}
                None => oddities.add("nobody_named", "entry.id", "", 1),
            }
            continue;
        };
        if let Event::Preferences(preferences) = &change.event {
            for preference in preferences {
                let at = happened(preference.at, received_at, "user_preferences.timestamp", &mut oddities);
                let decision = opt_outs::of_preference(preference, at, received_at);
                decisions.entry(waba.client).or_default().push(decision);
            }
        } else {
            let at = happened(change.at, received_at, "entry.time", &mut oddities);
            told.push(Told { client: waba.client, waba: waba.id, at, event: change.event, source: Source::Webhook });
        }
    }
    for (client, decisions) in decisions {
        opt_outs::enter(op, client, &decisions).await?;
    }
    Ok(Staged { told, unclaimed: unknown, oddities })
}

/// The batch, its changes (each with its body's place in the batch and its own in the body), and what nobody knows of them.
type Changes = (Vec<Delivery>, Vec<(usize, usize, Change)>, Oddities);

fn read(batch: Vec<Delivery>) -> Changes {
    let (mut changes, mut oddities) = (Vec::new(), Oddities::default());
    for (body, delivery) in batch.iter().enumerate() {
        // What was stored was read once already.
        for (ordinal, change) in meta::webhook::read(&delivery.body).unwrap_or_default().into_iter().enumerate() {
            if !matches!(change.event, Event::Messages(_)) {
                oddities.note(&change);
                changes.push((body, ordinal, change));
            }
        }
    }
    (batch, changes, oddities)
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
    Ok(staged.oddities.count(tx, op.services().clock.now()).await?)
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
