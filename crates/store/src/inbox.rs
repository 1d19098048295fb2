//! The inbox of webhooks: bodies are stored before they are acknowledged, and dealt with later.
//!
//! **Group commit.** One task writes. It takes all bodies that wait, stores them in one transaction, and tells each of those who wait: one
//! flush to the disk serves all requests that arrived during the last one. A body is stored, or its sender was told that it is not.
//!
//! **Order.** On SQLite the inbox is a file of its own beside the database, with one writer. On PostgreSQL it is a table, and groups of all
//! processes take turns by a lock, so that positions become visible in their order and a reader that has seen one will never
//! find a smaller one later.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use domain::{Instant, access::Visibility};
use migrations::SqliteAccess;
use sea_orm::{
    ActiveValue, ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseConnection, DbBackend,
    EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Statement,
    sea_query::Expr,
};
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    StoreError, Tx,
    entity::webhook_inbox::{ActiveModel, Column, Entity},
    tx::{self, Access},
};

/// Bodies that may wait to be stored; whoever comes beyond is told to come again.
const WAITING: usize = 4_096;
/// Bodies of one transaction.
const GROUP: usize = 512;
/// Bytes of bodies that are read at a time, and at least one body.
const READ_BYTES: i64 = 16 << 20;
/// How long a connection to the file is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Any number, always the same: groups of all processes take turns on it.
const TURN: &str = "SELECT pg_advisory_xact_lock(7331164015420601)";

/// A body to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// When it came.
    pub received_at: Instant,
    /// Whether it tells of messages.
    pub has_traffic: bool,
    /// Whether it tells of anything else.
    pub has_notices: bool,
    /// The bytes as they came.
    pub body: Vec<u8>,
}

/// A body that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its place; grows in the order in which bodies were stored.
    pub position: i64,
    /// When it came.
    pub received_at: Instant,
    /// The bytes as they came.
    pub body: Vec<u8>,
}

/// Which bodies a consumer looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Those that tell of messages.
    Traffic,
    /// Those that tell of anything else.
    Notices,
}

impl Content {
    const fn flag(self) -> Column {
        match self {
            Self::Traffic => Column::HasTraffic,
            Self::Notices => Column::HasNotices,
        }
    }

    /// Bodies that hold it, after `position`. The bare column is what the indexes are limited by: of `has_notices = ?` no database could
    /// tell beforehand that they serve, and would look at every body of traffic for the few of the others.
    fn after(self, position: i64) -> Select<Entity> {
        Entity::find().filter(Expr::col(self.flag())).filter(Column::Position.gt(position))
    }
}

/// Why a body was not stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// More come than can be stored.
    #[error("more webhooks come than can be stored: try again")]
    Full,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct Waiting {
    row: ActiveModel,
    stored: oneshot::Sender<Result<(), StoreError>>,
}

/// The inbox. Cheap to clone.
#[derive(Clone)]
pub struct Inbox(Arc<Inner>);

struct Inner {
    id: String,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    waiting: mpsc::Sender<Waiting>,
    arrived: Arc<Arrivals>,
}

/// Wakes whoever waits for bodies.
#[derive(Debug, Default)]
struct Arrivals {
    traffic: Notify,
    notices: Notify,
}

impl Arrivals {
    const fn of(&self, content: Content) -> &Notify {
        match content {
            Content::Traffic => &self.traffic,
            Content::Notices => &self.notices,
        }
    }

    fn tell(&self, content: Content) {
        self.of(content).notify_one();
        self.of(content).notify_waiters();
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox").field("id", &self.0.id).finish_non_exhaustive()
    }
}

/// The inbox's file beside the database at `path`: `inbox.db` beside `sblocco.db`.
fn file_beside(path: &Path) -> PathBuf {
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("sblocco") | None => path.with_file_name("inbox.db"),
        Some(stem) => path.with_file_name(format!("{stem}-inbox.db")),
    }
}

impl Inbox {
    /// The inbox in a file beside a SQLite database; made when it is missing.
    pub(crate) async fn beside(database: &Path) -> Result<Self, StoreError> {
        let path = file_beside(database);
        let writer = migrations::sqlite(&path, SqliteAccess::Create, 1, PATIENCE).await?;
        let id = identify(&writer).await?;
        let reader = migrations::sqlite(&path, SqliteAccess::Read, 2, PATIENCE).await?;
        Ok(Self::begin(id, reader, writer))
    }

    /// The inbox that is a table of a PostgreSQL database.
    pub(crate) fn within(pool: &DatabaseConnection) -> Self {
        Self::begin("database".to_owned(), pool.clone(), pool.clone())
    }

    fn begin(id: String, reader: DatabaseConnection, writer: DatabaseConnection) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let arrived = Arc::new(Arrivals::default());
        tokio::spawn(store_groups(writer.clone(), receiver, Arc::clone(&arrived)));
        Self(Arc::new(Inner { id, reader, writer, waiting: sender, arrived }))
    }

    /// Which inbox it is: positions of another one mean nothing here.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Stores a body; returns when it is on the disk.
    ///
    /// # Errors
    /// [`AppendError::Full`] at once when too many wait already; else the store's.
    pub async fn append(&self, delivery: NewDelivery) -> Result<(), AppendError> {
        let row = ActiveModel {
            received_at: Set(delivery.received_at),
            has_traffic: Set(delivery.has_traffic),
            has_notices: Set(delivery.has_notices),
            body: Set(delivery.body),
            ..ActiveModel::default()
        };
        let (sender, stored) = oneshot::channel();
        self.0.waiting.try_send(Waiting { row, stored: sender }).map_err(|_| AppendError::Full)?;
        // The task ends without an answer only when the runtime is shut down.
        Ok(stored.await.unwrap_or_else(|_| Err(ending()))?)
    }

    /// Waits until a body that holds `content` was stored by this process; one that was stored before counts.
    pub async fn arrived(&self, content: Content) {
        self.0.arrived.of(content).notified().await;
    }

    /// The bodies after `position` that hold `content`, in their order: `most` at most, and no more than memory bears.
    ///
    /// # Errors
    /// The inbox cannot be read.
    pub async fn after(&self, position: i64, content: Content, most: u64) -> Result<Vec<Delivery>, StoreError> {
        let tx = self.read().await?;
        let select = content.after(position).order_by_asc(Column::Position);
        let sizes = select
            .clone()
            .select_only()
            .column(Column::Position)
            .column_as(Expr::cust("CAST(octet_length(body) AS bigint)"), "size")
            .limit(most);
        let sizes: Vec<(i64, i64)> = sizes.into_tuple().all(tx.connection()).await?;
        let mut room = READ_BYTES;
        let fitting = sizes.iter().take_while(|(_, size)| {
            room -= size;
            room >= 0
        });
        let Some(last) = fitting.last().or(sizes.first()).map(|(position, _)| *position) else { return Ok(Vec::new()) };
        let rows = select.filter(Column::Position.lte(last)).all(tx.connection()).await?;
        tx.rollback().await?;
        let delivery = |row: crate::entity::webhook_inbox::Model| Delivery {
            position: row.position,
            received_at: row.received_at,
            body: row.body,
        };
        Ok(rows.into_iter().map(delivery).collect())
    }

    /// Whether bodies after `position` hold `content`.
    ///
    /// # Errors
    /// The inbox cannot be read.
    pub async fn has_after(&self, position: i64, content: Content) -> Result<bool, StoreError> {
        let tx = self.read().await?;
        let next = content.after(position).select_only().column(Column::Position).limit(1);
        let next: Option<i64> = next.into_tuple().one(tx.connection()).await?;
        tx.rollback().await?;
        Ok(next.is_some())
    }

    /// How many bodies after `position` hold `content`.
    ///
    /// # Errors
    /// The inbox cannot be read.
    pub async fn count_after(&self, position: i64, content: Content) -> Result<u64, StoreError> {
        let tx = self.read().await?;
        let count = content.after(position).count(tx.connection()).await?;
        tx.rollback().await?;
        Ok(count)
    }

    /// Deletes bodies that came before `before` and with which everybody is done: those of traffic up to `traffic`, all others up to
    /// `notices`. At most `most` at a time; returns how many.
    ///
    /// # Errors
    /// The inbox cannot be written.
    pub async fn prune(&self, before: Instant, traffic: i64, notices: i64, most: u64) -> Result<u64, StoreError> {
        let tx = tx::begin(&self.0.writer, &Visibility::System, Access::Write, None).await?;
        let done =
            |flag: Column, position: i64| Condition::any().add(flag.eq(false)).add(Column::Position.lte(position));
        let old = Entity::find()
            .select_only()
            .column(Column::Position)
            .filter(Column::ReceivedAt.lt(before))
            .filter(done(Column::HasTraffic, traffic))
            .filter(done(Column::HasNotices, notices))
            .order_by_asc(Column::ReceivedAt)
            .limit(most);
        let old: Vec<i64> = old.into_tuple().all(tx.connection()).await?;
        let deleted = Entity::delete_many().filter(Column::Position.is_in(old)).exec(tx.connection()).await?;
        tx.commit().await?;
        Ok(deleted.rows_affected)
    }

    /// Closes the connections of a file of its own.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.0.reader.close_by_ref().await?;
        Ok(self.0.writer.close_by_ref().await?)
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        tx::begin(&self.0.reader, &Visibility::System, Access::Read, None).await
    }
}

fn ending() -> StoreError {
    StoreError::Unavailable(crate::Fault::new("the program is ending"))
}

async fn store_groups(pool: DatabaseConnection, mut waiting: mpsc::Receiver<Waiting>, arrived: Arc<Arrivals>) {
    let mut group = Vec::new();
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let (rows, told): (Vec<_>, Vec<_>) = group.drain(..).map(|one| (one.row, one.stored)).unzip();
        let holds = |flag: fn(&ActiveModel) -> &ActiveValue<bool>| rows.iter().any(|row| *flag(row) == Set(true));
        let (has_traffic, has_notices) = (holds(|row| &row.has_traffic), holds(|row| &row.has_notices));
        let stored = store_group(&pool, rows).await;
        for sender in told {
            // Whoever hung up is not told, and the body is stored all the same.
            let _ = sender.send(stored.clone());
        }
        for (content, is_there) in [(Content::Traffic, has_traffic), (Content::Notices, has_notices)] {
            if is_there {
                arrived.tell(content);
            }
        }
    }
}

async fn store_group(pool: &DatabaseConnection, rows: Vec<ActiveModel>) -> Result<(), StoreError> {
    let tx = tx::begin(pool, &Visibility::System, Access::Write, None).await?;
    if tx.connection().get_database_backend() == DbBackend::Postgres {
        tx.connection().execute_raw(Statement::from_string(DbBackend::Postgres, TURN)).await?;
    }
    let mut rows = rows.into_iter();
    while let Some(power) = rows.len().checked_ilog2() {
        // Powers of two: ten different statements, which a connection prepares once, instead of one for each size of a group.
        let some: Vec<_> = rows.by_ref().take(1 << power).collect();
        Entity::insert_many(some).exec_without_returning(tx.connection()).await?;
    }
    tx.commit().await
}

/// Makes the table of a new file, and gives the file a number by which it is known from then on.
async fn identify(writer: &DatabaseConnection) -> Result<String, StoreError> {
    let tx = tx::begin(writer, &Visibility::System, Access::Write, None).await?;
    let connection = tx.connection();
    let query = |sql: String| Statement::from_string(DbBackend::Sqlite, sql);
    let number = async |sql: &str| -> Result<i64, StoreError> {
        let row = connection.query_one_raw(query(sql.to_owned())).await?;
        Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default())
    };
    if number("SELECT count(*) FROM sqlite_master WHERE name = 'webhook_inbox'").await? == 0 {
        connection.execute_unprepared(&migrations::inbox()).await?;
        let id = number("SELECT abs(random() % 2147483646) + 1").await?;
        connection.execute_unprepared(&format!("PRAGMA user_version = {id}")).await?;
    }
    let id = number("PRAGMA user_version").await?;
    tx.commit().await?;
    Ok(format!("file-{id}"))
}

#[cfg(test)]
mod tests {
    use sea_orm::QueryTrait as _;

    use super::*;
    use crate::testing::TestStore;

    #[tokio::test]
    async fn what_a_consumer_looks_for_is_found_by_its_index() {
        let store = TestStore::sqlite().await;
        let inbox = store.inbox().await.unwrap();
        for (content, index) in
            [(Content::Traffic, "webhook_inbox_traffic_idx"), (Content::Notices, "webhook_inbox_notices_idx")]
        {
            let mut explained = content.after(7).order_by_asc(Column::Position).build(DbBackend::Sqlite);
            explained.sql = format!("EXPLAIN QUERY PLAN {}", explained.sql);
            let plan = inbox.0.reader.query_all_raw(explained).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|step| step.try_get("", "detail").unwrap()).collect();
            assert_eq!(steps.len(), 1, "nothing is sorted: {steps:?}");
            assert!(steps[0].contains(index) && steps[0].contains("position>?"), "{steps:?}");
        }
    }
}
