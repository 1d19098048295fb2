//! Where the database is.

use std::path::PathBuf;

/// The address of a database, as configuration writes it.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A PostgreSQL server: the whole URL.
    Postgres(String),
    /// A SQLite file.
    Sqlite(PathBuf),
}

/// An address that names no usable database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Nothing there.
    #[error("the database address is empty: give the path of a SQLite file, or a postgres:// URL")]
    Empty,
    /// Every connection would have a memory of its own.
    #[error("a SQLite database in memory cannot be shared between connections: give the path of a file")]
    Memory,
    /// Another kind of server.
    #[error("only SQLite files and postgres:// URLs are databases of this program")]
    Scheme,
}

impl Address {
    /// Reads `postgres://…` and `postgresql://…` as servers, everything else as the path of a SQLite file (with or without
    /// `sqlite:` or `sqlite://` before it).
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() {
            Err(InvalidAddress::Empty)
        } else if path.starts_with(":memory:") {
            Err(InvalidAddress::Memory)
        } else if path.contains("://") {
            Err(InvalidAddress::Scheme)
        } else {
            Ok(Self::Sqlite(PathBuf::from(path)))
        }
    }
}

/// Without the URL, which may hold a password.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("Postgres(…)"),
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_server_or_a_file() {
        let file = |path: &str| Ok(Address::Sqlite(PathBuf::from(path)));
        assert_eq!(Address::parse("postgres://u@h/d"), Ok(Address::Postgres("postgres://u@h/d".to_owned())));
        assert_eq!(Address::parse("data/sblocco.db"), file("data/sblocco.db"));
        assert_eq!(Address::parse("sqlite:///var/a?b.db"), file("/var/a?b.db"));
        assert_eq!(Address::parse("sqlite::memory:"), Err(InvalidAddress::Memory));
        assert_eq!(Address::parse("mysql://u@h/d"), Err(InvalidAddress::Scheme));
        assert_eq!(Address::parse(""), Err(InvalidAddress::Empty));
    }

    #[test]
    fn a_password_is_not_printed() {
        let address = Address::parse("postgres://u:secret@h/d").unwrap();
        assert!(!format!("{address:?}").contains("secret"));
    }
}
