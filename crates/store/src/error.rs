//! What can go wrong with the database. No text here holds SQL, or data of a row: drivers' messages do, and stay out.

use std::fmt;

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlxError};
use uuid::Uuid;

/// Why an operation on the store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be reached, is full, or has no free connection. Trying again may help.
    #[error("the database cannot be used now ({0}); check that it runs and has room, and try again")]
    Unavailable(Fault),
    /// Another transaction was in the way, and this one was rolled back. Trying the whole transaction again helps.
    #[error("another transaction was in the way ({0}); try again")]
    Contended(Fault),
    /// A row holds what this release cannot read: it is damaged, or a newer release wrote it.
    #[error("{table}.{column} of the row {id} cannot be read; a newer release may have written it")]
    Inconsistent {
        /// Where.
        table: &'static str,
        /// Which column.
        column: &'static str,
        /// Key of the row.
        id: String,
    },
    /// Another row has the same unique key.
    #[error("another row has the same key ({constraint})")]
    Conflict {
        /// Name of the unique key, `table_column_column_key`, the same on both stores.
        constraint: String,
    },
    /// Somebody else changed the row first.
    #[error("the row was changed meanwhile: its version is {current} now")]
    Stale {
        /// The version that stands now.
        current: i32,
    },
    /// The row to be changed does not exist, as far as this transaction may know.
    #[error("there is no such row in {table}")]
    NotFound {
        /// Where.
        table: &'static str,
    },
    /// A row refers to one that does not exist, or one that others refer to was to be deleted.
    #[error("the row refers to one that does not exist, or others refer to it")]
    Reference,
    /// A row was to be written for a client of which the transaction may not know.
    #[error("the transaction may not write rows of that client")]
    NotVisible,
    /// More or fewer rows changed than must.
    #[error("{actual} rows of {table} were changed, and not {expected}")]
    RowsAffected {
        /// Where.
        table: &'static str,
        /// How many must.
        expected: u64,
        /// How many did.
        actual: u64,
    },
    /// The place after which a page begins does not fit its order.
    #[error("the cursor belongs to another list")]
    Cursor,
    /// The database refused a statement: a defect of ours, or missing rights of the role.
    #[error("the database refused a statement ({0})")]
    Refused(Fault),
}

/// What a driver says, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What it was about.
    pub what: &'static str,
    /// SQLSTATE on PostgreSQL, the extended result code on SQLite.
    pub code: Option<String>,
}

impl Fault {
    /// A fault that has no code.
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { what, code: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{}, code {code}", self.what),
            None => f.write_str(self.what),
        }
    }
}

impl StoreError {
    /// Whether the same may succeed a little later.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Contended(_))
    }

    /// Whether another row has the same unique key.
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// Whether another row has the same unique key of this name.
    pub fn is_conflict_on(&self, name: &str) -> bool {
        matches!(self, Self::Conflict { constraint } if constraint == name)
    }

    /// The version that stands, when somebody else changed the row first.
    pub const fn stale_version(&self) -> Option<i32> {
        match self {
            Self::Stale { current } => Some(*current),
            _ => None,
        }
    }

    pub(crate) fn inconsistent(table: &'static str, column: &'static str, id: impl fmt::Display) -> Self {
        Self::Inconsistent { table, column, id: id.to_string() }
    }

    pub(crate) fn inconsistent_uuid(table: &'static str, column: &'static str, id: Uuid) -> Self {
        Self::inconsistent(table, column, id.as_hyphenated())
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => {
                Self::Unavailable(Fault::new("no connection became free in time"))
            }
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => {
                Self::Unavailable(Fault::new("the connections are closed"))
            }
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => of_driver(&error),
            DbErr::Conn(_) => Self::Unavailable(Fault::new("no connection")),
            DbErr::TryIntoErr { .. } | DbErr::Type(_) | DbErr::Json(_) => {
                Self::Refused(Fault::new("a value cannot be read"))
            }
            _ => Self::Refused(Fault::new("a statement cannot be built")),
        }
    }
}

fn of_driver(error: &SqlxError) -> StoreError {
    let SqlxError::Database(database) = error else {
        return match error {
            SqlxError::Io(_) => StoreError::Unavailable(Fault::new("the connection broke")),
            SqlxError::Tls(_) => StoreError::Unavailable(Fault::new("no secure connection")),
            SqlxError::PoolTimedOut => StoreError::Unavailable(Fault::new("no connection became free in time")),
            SqlxError::PoolClosed | SqlxError::WorkerCrashed | SqlxError::Protocol(_) | SqlxError::BeginFailed => {
                StoreError::Unavailable(Fault::new("the connection is gone"))
            }
            SqlxError::Configuration(_) => StoreError::Unavailable(Fault::new("its address is not usable")),
            _ => StoreError::Refused(Fault::new("a value cannot be read")),
        };
    };
    let code = database.code().unwrap_or_default().into_owned();
    if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        of_sqlite(code, database.message())
    } else {
        of_postgres(code, database.constraint(), database.message())
    }
}

fn of_postgres(code: String, constraint: Option<&str>, message: &str) -> StoreError {
    let fault = |what, code| Fault { what, code: Some(code) };
    match code.as_str() {
        "23505" => StoreError::Conflict { constraint: constraint.unwrap_or_default().to_owned() },
        "23503" => StoreError::Reference,
        "42501" if message.contains("row-level security") => StoreError::NotVisible,
        "42501" => StoreError::Refused(fault("the role lacks a right", code)),
        "40001" | "40P01" | "55P03" => StoreError::Contended(fault("a lock or a conflict", code)),
        "28000" | "28P01" => StoreError::Unavailable(fault("the role cannot sign in", code)),
        "3D000" => StoreError::Unavailable(fault("there is no such database", code)),
        "57014" => StoreError::Unavailable(fault("a statement took too long", code)),
        "53100" => StoreError::Unavailable(fault("the disk is full", code)),
        // Connection exceptions, too little of something, an operator's intervention, an error of the system.
        _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unavailable(fault("the server gave up", code))
        }
        _ => StoreError::Refused(fault("the server said no", code)),
    }
}

fn of_sqlite(code: String, message: &str) -> StoreError {
    let fault = |what, code| Fault { what, code: Some(code) };
    let number: u32 = code.parse().unwrap_or_default();
    match (number, number & 0xFF) {
        (1555 | 2067, _) => StoreError::Conflict { constraint: sqlite_constraint(number, message) },
        (787, _) => StoreError::Reference,
        (_, 5 | 6) => StoreError::Contended(fault("another writer", code)),
        (_, 10) => StoreError::Unavailable(fault("reading or writing the file failed", code)),
        (_, 13) => StoreError::Unavailable(fault("the disk is full", code)),
        (_, 14) => StoreError::Unavailable(fault("the file cannot be opened", code)),
        (_, 11 | 26) => StoreError::Refused(fault("the file is damaged, or no database", code)),
        (_, 8) => StoreError::Refused(fault("a transaction that only reads tried to write", code)),
        _ => StoreError::Refused(fault("SQLite said no", code)),
    }
}

/// The name that PostgreSQL gives the key: of `UNIQUE constraint failed: t.a, t.b` it is `t_a_b_key`.
fn sqlite_constraint(number: u32, message: &str) -> String {
    let columns = message.rsplit_once(": ").map_or("", |(_, columns)| columns);
    let table = columns.split_once('.').map_or("", |(table, _)| table);
    if number == 1555 {
        return format!("{table}_pkey");
    }
    let names = columns.split(", ").filter_map(|column| column.split_once('.').map(|(_, name)| name));
    let mut constraint = table.to_owned();
    for name in names {
        constraint.push('_');
        constraint.push_str(name);
    }
    constraint + "_key"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_stores_give_a_unique_key_the_same_name() {
        let named = |number, message| sqlite_constraint(number, message);
        assert_eq!(named(2067, "UNIQUE constraint failed: clients.slug"), "clients_slug_key");
        assert_eq!(
            named(2067, "UNIQUE constraint failed: imports.client_id, imports.kind, imports.content_sha256"),
            "imports_client_id_kind_content_sha256_key"
        );
        assert_eq!(named(1555, "UNIQUE constraint failed: clients.id"), "clients_pkey");
    }

    #[test]
    fn only_what_passes_by_itself_is_transient() {
        assert!(of_postgres("40P01".to_owned(), None, "").is_transient());
        assert!(of_postgres("57P01".to_owned(), None, "").is_transient());
        assert!(of_sqlite("5".to_owned(), "").is_transient());
        assert!(!of_postgres("23505".to_owned(), Some("x"), "").is_transient());
        assert!(!of_postgres("42P01".to_owned(), None, "").is_transient());
    }
}
