//! Merkle logs: nodes and heads, only ever added. A log is known by a name; what its leaves are is the caller's to know. The
//! system's alone.

use std::collections::HashMap;

use domain::{
    Instant,
    merkle::{Growth, Hash, Place, Proof, assemble, proof_places},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Statement,
};

use crate::{
    StoreError, Tx,
    entity::{merkle_heads, merkle_nodes},
};

/// What stood for a log when it had so many leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Leaves.
    pub size: u64,
    /// The hash that stands for all of them.
    pub root: Hash,
    /// When.
    pub sealed_at: Instant,
}

fn unreadable(column: &'static str) -> StoreError {
    StoreError::inconsistent("merkle_nodes", column, "of a node")
}

fn hash_of(text: &str) -> Result<Hash, StoreError> {
    let byte = |place: usize| u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok();
    let mut hash = Hash::default();
    for (place, slot) in hash.iter_mut().enumerate() {
        *slot = byte(place).ok_or_else(|| unreadable("hash"))?;
    }
    if text.len() == 64 { Ok(hash) } else { Err(unreadable("hash")) }
}

fn text_of(hash: &Hash) -> String {
    use std::fmt::Write as _;
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn head_of(row: merkle_heads::Model) -> Result<Head, StoreError> {
    Ok(Head { size: row.size as u64, root: hash_of(&row.root)?, sealed_at: row.sealed_at })
}

/// Waits until nobody else seals, until the transaction ends.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn lock(tx: &Tx) -> Result<(), StoreError> {
    tx.admit(None)?;
    let connection = tx.connection();
    let sql = "UPDATE counters SET value = value + 1 WHERE name = 'seal'";
    connection.execute_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    Ok(())
}

/// The last head of a log; nothing before its first leaf.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn head(tx: &Tx, log: &str) -> Result<Option<Head>, StoreError> {
    tx.admit(None)?;
    let select = merkle_heads::Entity::find()
        .filter(merkle_heads::Column::Log.eq(log))
        .order_by_desc(merkle_heads::Column::Size)
        .limit(1);
    select.one(tx.connection()).await?.map(head_of).transpose()
}

/// The heads of a log of more than `after` leaves, the smallest first, at most `limit`.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn heads(tx: &Tx, log: &str, after: u64, limit: u64) -> Result<Vec<Head>, StoreError> {
    tx.admit(None)?;
    let select = merkle_heads::Entity::find()
        .filter(merkle_heads::Column::Log.eq(log))
        .filter(merkle_heads::Column::Size.gt(after as i64))
        .order_by_asc(merkle_heads::Column::Size)
        .limit(limit);
    select.all(tx.connection()).await?.into_iter().map(head_of).collect()
}

/// The names of all logs, in order.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn logs(tx: &Tx) -> Result<Vec<String>, StoreError> {
    tx.admit(None)?;
    let select = merkle_heads::Entity::find()
        .select_only()
        .column(merkle_heads::Column::Log)
        .distinct()
        .order_by_asc(merkle_heads::Column::Log);
    Ok(select.into_tuple().all(tx.connection()).await?)
}

/// The hashes of these nodes.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; inconsistent when one is missing.
pub async fn nodes(tx: &Tx, log: &str, places: &[Place]) -> Result<HashMap<Place, Hash>, StoreError> {
    use merkle_nodes::{Column, Entity};
    tx.admit(None)?;
    let mut found = HashMap::with_capacity(places.len());
    for some in places.chunks(200) {
        let any = some.iter().fold(Condition::any(), |any, place| {
            any.add(
                Condition::all()
                    .add(Column::Level.eq(i32::from(place.level)))
                    .add(Column::Place.eq(place.index as i64)),
            )
        });
        for row in Entity::find().filter(Column::Log.eq(log)).filter(any).all(tx.connection()).await? {
            found.insert(Place { level: row.level as u8, index: row.place as u64 }, hash_of(&row.hash)?);
        }
    }
    Ok(found)
}

async fn in_order(tx: &Tx, log: &str, places: &[Place]) -> Result<Vec<Hash>, StoreError> {
    let found = nodes(tx, log, places).await?;
    places.iter().map(|place| found.get(place).copied().ok_or_else(|| unreadable("place"))).collect()
}

/// The tree as it stands, ready to grow.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; inconsistent when nodes are missing.
pub async fn growth(tx: &Tx, log: &str) -> Result<Growth, StoreError> {
    let Some(head) = head(tx, log).await? else { return Ok(Growth::default()) };
    let peaks = in_order(tx, log, &Growth::peaks_of(head.size)).await?;
    Growth::resume(head.size, peaks).ok_or_else(|| unreadable("place"))
}

/// Appends leaves (some thousands at most); returns the place of the first. Take the [`lock`] first.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; inconsistent when nodes are missing.
pub async fn append(tx: &Tx, log: &str, leaves: &[Hash], now: Instant) -> Result<u64, StoreError> {
    let mut growth = growth(tx, log).await?;
    let first = growth.size();
    let completed: Vec<(Place, Hash)> = leaves.iter().flat_map(|leaf| growth.append(*leaf)).collect();
    for some in completed.chunks(2_000) {
        let rows = some.iter().map(|(place, hash)| merkle_nodes::ActiveModel {
            log: Set(log.to_owned()),
            level: Set(i32::from(place.level)),
            place: Set(place.index as i64),
            hash: Set(text_of(hash)),
        });
        merkle_nodes::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    let head = merkle_heads::ActiveModel {
        log: Set(log.to_owned()),
        size: Set(growth.size() as i64),
        root: Set(text_of(&growth.root())),
        sealed_at: Set(now),
    };
    merkle_heads::Entity::insert(head).exec_without_returning(tx.connection()).await?;
    Ok(first)
}

/// What shows that the leaf at `place` is in the log of `size` leaves.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; inconsistent when nodes are missing.
pub async fn proof(tx: &Tx, log: &str, place: u64, size: u64) -> Result<Proof, StoreError> {
    let lists = proof_places(place, size);
    let all: Vec<Place> = lists.iter().flatten().copied().collect();
    let mut hashes = in_order(tx, log, &all).await?.into_iter();
    Ok(assemble(&lists.iter().map(|list| hashes.by_ref().take(list.len()).collect()).collect::<Vec<_>>()))
}
