//! How far webhooks were dealt with, those of accounts that nobody claims, and what of them was not understood.

use domain::Instant;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, OnConflict, Query},
};

use crate::{
    StoreError, Tx,
    entity::{wabas, webhook_oddities as oddities, webhook_positions as positions, webhook_unclaimed as unclaimed},
};

/// Rows of one insert.
const CHUNK: usize = 500;

/// A consumer of an inbox, and the process that does its work.
#[derive(Debug, Clone, Copy)]
pub struct Consumer<'c> {
    /// What it deals with.
    pub name: &'static str,
    /// [`crate::Inbox::id`]
    pub inbox: &'c str,
    /// The process.
    pub holder: &'c str,
}

impl Consumer<'_> {
    fn row(&self) -> Condition {
        Condition::all().add(positions::Column::Consumer.eq(self.name)).add(positions::Column::Inbox.eq(self.inbox))
    }
}

/// Takes the consumer's work until `until`, or keeps it, unless another process has it. Returns how far the work has come.
///
/// # Errors
/// The database is unavailable.
pub async fn hold(tx: &Tx, consumer: Consumer<'_>, now: Instant, until: Instant) -> Result<Option<i64>, StoreError> {
    let row = positions::ActiveModel {
        consumer: Set(consumer.name.to_owned()),
        inbox: Set(consumer.inbox.to_owned()),
        position: Set(0),
        held_by: Set(None),
        held_until: Set(None),
    };
    let key = OnConflict::columns([positions::Column::Consumer, positions::Column::Inbox]).do_nothing().to_owned();
    positions::Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    let free = Condition::any()
        .add(positions::Column::HeldBy.is_null())
        .add(positions::Column::HeldBy.eq(consumer.holder))
        .add(positions::Column::HeldUntil.lt(now));
    let held = positions::Entity::update_many()
        .set(positions::ActiveModel {
            held_by: Set(Some(consumer.holder.to_owned())),
            held_until: Set(Some(until)),
            ..positions::ActiveModel::default()
        })
        .filter(consumer.row())
        .filter(free)
        .exec(tx.connection())
        .await?;
    if held.rows_affected == 0 {
        return Ok(None);
    }
    position(tx, consumer.name, consumer.inbox).await.map(Some)
}

/// Gives the work up, so that another process need not wait.
///
/// # Errors
/// The database is unavailable.
pub async fn release(tx: &Tx, consumer: Consumer<'_>) -> Result<(), StoreError> {
    let nobody =
        positions::ActiveModel { held_by: Set(None), held_until: Set(None), ..positions::ActiveModel::default() };
    positions::Entity::update_many()
        .set(nobody)
        .filter(consumer.row())
        .filter(positions::Column::HeldBy.eq(consumer.holder))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Says, with the effects, that everything up to `to` was dealt with. Returns whether the work was still the holder's and had come to
/// `from`: when not, somebody else has done it, and the transaction must not be committed.
///
/// # Errors
/// The database is unavailable.
pub async fn advance(tx: &Tx, consumer: Consumer<'_>, from: i64, to: i64) -> Result<bool, StoreError> {
    let moved = positions::Entity::update_many()
        .set(positions::ActiveModel { position: Set(to), ..positions::ActiveModel::default() })
        .filter(consumer.row())
        .filter(positions::Column::HeldBy.eq(consumer.holder))
        .filter(positions::Column::Position.eq(from))
        .exec(tx.connection())
        .await?;
    Ok(moved.rows_affected == 1)
}

/// How far a consumer has come.
///
/// # Errors
/// The database is unavailable.
pub async fn position(tx: &Tx, consumer: &str, inbox: &str) -> Result<i64, StoreError> {
    let row = positions::Entity::find_by_id((consumer.to_owned(), inbox.to_owned())).one(tx.connection()).await?;
    Ok(row.map(|row| row.position).unwrap_or_default())
}

/// A change of an account that nobody claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclaimed {
    /// Key; 0 of one that is not stored yet.
    pub id: i64,
    /// Meta's id of the account.
    pub account: String,
    /// When it came.
    pub received_at: Instant,
    /// Equal for the same change.
    pub content_hash: String,
    /// The change, as a body of its own.
    pub body: Vec<u8>,
}

/// Keeps changes apart; those that are kept already stay as they are.
///
/// # Errors
/// The database is unavailable.
pub async fn keep_unclaimed(tx: &Tx, changes: Vec<Unclaimed>) -> Result<(), StoreError> {
    let mut rows = changes.into_iter().map(|change| unclaimed::ActiveModel {
        account: Set(change.account),
        received_at: Set(change.received_at),
        content_hash: Set(change.content_hash),
        body: Set(change.body),
        ..unclaimed::ActiveModel::default()
    });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let key = OnConflict::column(unclaimed::Column::ContentHash).do_nothing().to_owned();
        unclaimed::Entity::insert_many(chunk).on_conflict(key).exec_without_returning(tx.connection()).await?;
    }
}

/// Changes whose account is known now, in the order in which they came; `most` at most.
///
/// # Errors
/// The database is unavailable.
pub async fn claimed(tx: &Tx, most: u64) -> Result<Vec<Unclaimed>, StoreError> {
    let known = Query::select().column(wabas::Column::MetaId).from(wabas::Entity).to_owned();
    let select = unclaimed::Entity::find()
        .filter(unclaimed::Column::Account.in_subquery(known))
        .order_by_asc(unclaimed::Column::Id)
        .limit(most);
    let rows = select.all(tx.connection()).await?;
    let change = |row: unclaimed::Model| Unclaimed {
        id: row.id,
        account: row.account,
        received_at: row.received_at,
        content_hash: row.content_hash,
        body: row.body,
    };
    Ok(rows.into_iter().map(change).collect())
}

/// Deletes changes that were put in again.
///
/// # Errors
/// The database is unavailable.
pub async fn delete_unclaimed(tx: &Tx, ids: Vec<i64>) -> Result<(), StoreError> {
    unclaimed::Entity::delete_many().filter(unclaimed::Column::Id.is_in(ids)).exec(tx.connection()).await?;
    Ok(())
}

/// Deletes changes that came before `before` and that nobody has claimed.
///
/// # Errors
/// The database is unavailable.
pub async fn prune_unclaimed(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    let old = unclaimed::Entity::delete_many().filter(unclaimed::Column::ReceivedAt.lt(before));
    Ok(old.exec(tx.connection()).await?.rows_affected)
}

/// How many changes each account that nobody claims has.
///
/// # Errors
/// The database is unavailable.
pub async fn unclaimed_accounts(tx: &Tx) -> Result<Vec<(String, u64)>, StoreError> {
    let select = unclaimed::Entity::find()
        .select_only()
        .column(unclaimed::Column::Account)
        .column_as(unclaimed::Column::Id.count(), "changes")
        .group_by(unclaimed::Column::Account)
        .order_by_asc(unclaimed::Column::Account);
    let rows: Vec<(String, i64)> = select.into_tuple().all(tx.connection()).await?;
    Ok(rows.into_iter().map(|(account, changes)| (account, u64::try_from(changes).unwrap_or_default())).collect())
}

/// Something that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Oddity {
    /// What kind: `unknown_field`, `unknown_word`, `unreadable`.
    pub kind: String,
    /// Where.
    pub place: String,
    /// The word, of an unknown one.
    pub word: String,
}

/// What was not understood, and how often it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedOddity {
    /// What.
    pub what: Oddity,
    /// How often.
    pub count: u64,
    /// When it came first.
    pub first_at: Instant,
    /// When it came last.
    pub last_at: Instant,
}

/// Counts what was not understood. Returns those that were never seen before.
///
/// # Errors
/// The database is unavailable.
pub async fn count_oddities(
    tx: &Tx,
    counted: impl IntoIterator<Item = (Oddity, i64)> + Send,
    now: Instant,
) -> Result<Vec<Oddity>, StoreError> {
    let mut new = Vec::new();
    for (what, count) in counted.into_iter().collect::<Vec<_>>() {
        let update = oddities::Entity::update_many()
            .col_expr(oddities::Column::Count, Expr::col(oddities::Column::Count).add(count))
            .set(oddities::ActiveModel { last_at: Set(now), ..oddities::ActiveModel::default() })
            .filter(oddities::Column::Kind.eq(&what.kind))
            .filter(oddities::Column::Place.eq(&what.place))
            .filter(oddities::Column::Word.eq(&what.word));
        if update.exec(tx.connection()).await?.rows_affected == 0 {
            let row = oddities::ActiveModel {
                kind: Set(what.kind.clone()),
                place: Set(what.place.clone()),
                word: Set(what.word.clone()),
                count: Set(count),
                first_at: Set(now),
                last_at: Set(now),
            };
            oddities::Entity::insert(row).exec_without_returning(tx.connection()).await?;
            new.push(what);
        }
    }
    Ok(new)
}

/// What was not understood, the latest first; `most` at most.
///
/// # Errors
/// The database is unavailable.
pub async fn oddities(tx: &Tx, most: u64) -> Result<Vec<CountedOddity>, StoreError> {
    let select = oddities::Entity::find().order_by_desc(oddities::Column::LastAt).limit(most);
    let rows = select.all(tx.connection()).await?;
    let counted = |row: oddities::Model| CountedOddity {
        what: Oddity { kind: row.kind, place: row.place, word: row.word },
        count: u64::try_from(row.count).unwrap_or_default(),
        first_at: row.first_at,
        last_at: row.last_at,
    };
    Ok(rows.into_iter().map(counted).collect())
}
