//! The role as which the program runs on PostgreSQL: not the owner of the tables, so that row-level security holds for it.

use std::fmt::Write as _;

use crate::SCRIPTS;

/// The role that `up` creates where it is missing, and grants what the program needs.
#[derive(Clone)]
pub struct RuntimeRole {
    name: String,
    password: Option<String>,
}

/// A name that would need quoting everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a runtime role is named by 1 to 63 of a-z, 0-9 and _, and does not begin with a digit")]
pub struct InvalidRole;

impl RuntimeRole {
    /// A role by name; with a password when the server asks for one at signing in.
    pub fn new(name: impl Into<String>, password: Option<String>) -> Result<Self, InvalidRole> {
        let name = name.into();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let valid = (1..=63).contains(&name.len())
            && name.bytes().all(plain)
            && !name.starts_with(|first: char| first.is_ascii_digit());
        if valid { Ok(Self { name, password }) } else { Err(InvalidRole) }
    }

    /// Statements that create the role where it is missing, and grant it the rows but not the tables. Several processes may
    /// run them at once.
    pub(crate) fn sql(&self) -> String {
        let Self { name, password } = self;
        let mut sql = format!(
            "DO $$ BEGIN\n\
             IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN\n\
             CREATE ROLE {name} LOGIN;\n\
             END IF;\n\
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;\n\
             END $$;\n"
        );
        if let Some(password) = password {
            let quoted = password.replace('\'', "''");
            let _ = writeln!(sql, "SET LOCAL standard_conforming_strings = on; ALTER ROLE {name} PASSWORD '{quoted}';");
        }
        let _ = writeln!(
            sql,
            "DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {name}', current_schema()); END $$;\n\
             GRANT SELECT ON seaql_migrations TO {name};"
        );
        for (table, wall) in SCRIPTS.iter().flat_map(|script| script.walls) {
            let _ = writeln!(sql, "GRANT {} ON {table} TO {name};", wall.privileges());
        }
        sql
    }
}

/// Without the password.
impl std::fmt::Debug for RuntimeRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuntimeRole").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_carry_sql() {
        assert!(RuntimeRole::new("sblocco_app", None).is_ok());
        for bad in ["", "a b", "a;drop", "1a", "A", "è"] {
            assert_eq!(RuntimeRole::new(bad, None).unwrap_err(), InvalidRole, "{bad}");
        }
    }

    #[test]
    fn a_password_is_quoted_and_never_printed() {
        let role = RuntimeRole::new("app", Some("it's".to_owned())).unwrap();
        assert!(role.sql().contains("PASSWORD 'it''s'"));
        assert!(!format!("{role:?}").contains("it's"));
    }
}
