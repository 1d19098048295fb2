//! The activity log. Entries are only ever added: by transactions that carry a [`Record`], when they commit, or by [`insert`].
//! Which entry is which leaf of which Merkle log is kept beside, by the sealer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    ActivityId, ApiTokenId, ClientId, Instant, UserId,
    activity::{Activity, ActivityOutcome},
    ports::Random,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::{
    StoreError, Tx,
    entity::{
        activities::{ActiveModel, Column, Entity, Model},
        activity_leaves, unsealed_activities,
    },
    page::{self, By, Keyset, Page},
    rows::Place,
    tx::Touched,
};

const TABLE: &str = "activities";

/// What a transaction enters in the log when it commits: one entry for each client whose rows it wrote.
#[derive(Debug, Clone)]
pub struct Record {
    /// The entry; its client is that of the actor, if it has one.
    pub entry: Activity,
    /// For the ids of further entries.
    pub random: Arc<dyn Random>,
    /// Raised once the entry is committed.
    pub written: Arc<AtomicBool>,
}

impl Record {
    /// Writes the entries, of the transaction that is about to commit.
    pub(crate) async fn write(&self, tx: &Tx, touched: Touched) -> Result<(), StoreError> {
        let mut clients: Vec<Option<ClientId>> = match self.entry.client {
            Some(own) => vec![Some(own)],
            None => touched.clients.into_iter().map(Some).collect(),
        };
        let subjects = [touched.subjects, self.entry.subjects.clone()].concat();
        if clients.is_empty() {
            clients.push(None);
        }
        for (place, client) in clients.into_iter().enumerate() {
            let id = if place == 0 { self.entry.id } else { ActivityId::new(self.entry.at, &*self.random) };
            insert(tx, &Activity { id, client, subjects: subjects.clone(), ..self.entry.clone() }).await?;
        }
        Ok(())
    }

    pub(crate) fn committed(&self) {
        self.written.store(true, Ordering::Release);
    }
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// On this client's data.
    pub client: Option<ClientId>,
    /// By this person.
    pub user: Option<UserId>,
    /// By this program.
    pub token: Option<ApiTokenId>,
    /// Of this action.
    pub action: Option<String>,
    /// Done to this, as the first thing that was named.
    pub subject: Option<String>,
    /// That ended so.
    pub outcome: Option<ActivityOutcome>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
}

impl Filter {
    fn select(&self) -> Select<Entity> {
        let mut select = Entity::find();
        if let Some(client) = self.client {
            select = select.filter(Column::ClientId.eq(client.uuid()));
        }
        if let Some(user) = self.user {
            select = select.filter(Column::UserId.eq(user.uuid()));
        }
        if let Some(token) = self.token {
            select = select.filter(Column::TokenId.eq(token.uuid()));
        }
        if let Some(action) = &self.action {
            select = select.filter(Column::Action.eq(action));
        }
        if let Some(subject) = &self.subject {
            select = select.filter(Column::Subject.eq(subject));
        }
        if let Some(outcome) = self.outcome {
            select = select.filter(Column::Outcome.eq(outcome.as_str()));
        }
        if let Some(from) = self.from {
            select = select.filter(Column::At.gte(from));
        }
        if let Some(until) = self.until {
            select = select.filter(Column::At.lt(until));
        }
        select
    }
}

fn from_row(row: Model) -> Result<Activity, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Activity {
        id: ActivityId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        at: row.at,
        actor: place.word("actor", &row.actor)?,
        user: row.user_id.map(UserId::from_uuid),
        token: row.token_id.map(ApiTokenId::from_uuid),
        action: row.action,
        subjects: row.subjects.split(' ').filter(|subject| !subject.is_empty()).map(str::to_owned).collect(),
        outcome: place.word("outcome", &row.outcome)?,
        code: row.code,
        address: row.address,
        request: row.request,
    })
}

/// Adds an entry, to be sealed.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, activity: &Activity) -> Result<(), StoreError> {
    if activity.client.is_some() {
        tx.admit(activity.client)?;
    }
    let row = ActiveModel {
        id: Set(activity.id.uuid()),
        client_id: Set(activity.client.map(ClientId::uuid)),
        at: Set(activity.at),
        actor: Set(activity.actor.as_str().to_owned()),
        user_id: Set(activity.user.map(UserId::uuid)),
        token_id: Set(activity.token.map(ApiTokenId::uuid)),
        action: Set(activity.action.clone()),
        subject: Set(activity.subjects.first().cloned()),
        subjects: Set(activity.subjects.join(" ")),
        outcome: Set(activity.outcome.as_str().to_owned()),
        code: Set(activity.code.clone()),
        address: Set(activity.address.clone()),
        request: Set(activity.request.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    let unsealed = unsealed_activities::ActiveModel { activity_id: Set(activity.id.uuid()) };
    unsealed_activities::Entity::insert(unsealed).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[ActivityId]) -> Result<Vec<Activity>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page of the entries of which the transaction may know, by time.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, filter: &Filter, keyset: &Keyset) -> Result<Page<Activity>, StoreError> {
    let select = tx.scoped(filter.select(), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::At, id: Column::Id }, from_row).await
}

/// The oldest entries that are not sealed, at most `limit`.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn unsealed(tx: &Tx, limit: u64) -> Result<Vec<Activity>, StoreError> {
    tx.admit(None)?;
    let select = unsealed_activities::Entity::find().order_by_asc(unsealed_activities::Column::ActivityId).limit(limit);
    let ids: Vec<ActivityId> =
        select.all(tx.connection()).await?.into_iter().map(|row| ActivityId::from_uuid(row.activity_id)).collect();
    let mut entries = by_ids(tx, &ids).await?;
    entries.sort_unstable_by_key(|entry| entry.id);
    Ok(entries)
}

/// Keeps that these entries, in this order, are the leaves of `log` from `first` on, and are sealed.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; `Conflict` when one is sealed already.
pub async fn sealed(tx: &Tx, log: &str, first: u64, ids: &[ActivityId]) -> Result<(), StoreError> {
    tx.admit(None)?;
    let rows = ids.iter().zip(first..).map(|(id, place)| activity_leaves::ActiveModel {
        activity_id: Set(id.uuid()),
        log: Set(log.to_owned()),
        place: Set(place as i64),
    });
    activity_leaves::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    let delete = unsealed_activities::Entity::delete_many()
        .filter(unsealed_activities::Column::ActivityId.is_in(ids.iter().map(|id| id.uuid())));
    delete.exec(tx.connection()).await?;
    Ok(())
}

/// Which leaf of which log an entry is; nothing before it is sealed.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn leaf_of(tx: &Tx, id: ActivityId) -> Result<Option<(String, u64)>, StoreError> {
    tx.admit(None)?;
    let row = activity_leaves::Entity::find_by_id(id.uuid()).one(tx.connection()).await?;
    Ok(row.map(|row| (row.log, row.place as u64)))
}

/// The entries that are leaves of `log` from `first` to before `end`, each with its place, in order. A leaf whose entry is gone has
/// none; an entry that no longer reads as one is an error that names it.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn leaves(
    tx: &Tx,
    log: &str,
    first: u64,
    end: u64,
) -> Result<Vec<(u64, ActivityId, Option<Result<Activity, StoreError>>)>, StoreError> {
    tx.admit(None)?;
    let select = activity_leaves::Entity::find()
        .filter(activity_leaves::Column::Log.eq(log))
        .filter(activity_leaves::Column::Place.gte(first as i64))
        .filter(activity_leaves::Column::Place.lt(end as i64))
        .order_by_asc(activity_leaves::Column::Place)
        .find_also_linked(EntryOfLeaf);
    let rows = select.all(tx.connection()).await?;
    Ok(rows
        .into_iter()
        .map(|(leaf, entry)| (leaf.place as u64, ActivityId::from_uuid(leaf.activity_id), entry.map(from_row)))
        .collect())
}

struct EntryOfLeaf;

impl sea_orm::Linked for EntryOfLeaf {
    type FromEntity = activity_leaves::Entity;
    type ToEntity = Entity;

    fn link(&self) -> Vec<sea_orm::LinkDef> {
        let entry = activity_leaves::Entity::belongs_to(Entity);
        vec![entry.from(activity_leaves::Column::ActivityId).to(Column::Id).into()]
    }
}

/// Entries that are neither sealed nor waiting for it, at most `limit`: somebody took them out of the log, or put them beside it.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn outside(tx: &Tx, limit: u64) -> Result<Vec<ActivityId>, StoreError> {
    use sea_orm::{ConnectionTrait as _, Statement};
    const OUTSIDE: &str = "SELECT id FROM activities
        WHERE NOT EXISTS (SELECT 1 FROM activity_leaves WHERE activity_leaves.activity_id = activities.id)
        AND NOT EXISTS (SELECT 1 FROM unsealed_activities WHERE unsealed_activities.activity_id = activities.id)
        ORDER BY id LIMIT $1";
    tx.admit(None)?;
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), OUTSIDE, [(limit as i64).into()]);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(ActivityId::from_uuid(row.try_get("", "id")?))).collect()
}
