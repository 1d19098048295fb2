//! Statements past the program: as somebody who has the database, and as the program's own role.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use uuid::Uuid;

use super::TestStore;

impl TestStore {
    fn is_postgres(&self) -> bool {
        self.url().starts_with("postgres")
    }

    async fn sqlite_file(&self) -> SqliteConnection {
        SqliteConnection::connect(&format!("sqlite://{}", self.url())).await.expect("the file can be opened")
    }

    /// Runs a statement as somebody who has the whole database: no privilege, no policy and no trigger stands in the way.
    ///
    /// # Panics
    /// The statement fails.
    pub async fn tamper(&self, sql: &str) {
        if self.is_postgres() {
            let url = self.owner_url().replace("sblocco_owner", "sblocco_super");
            let mut connection = PgConnection::connect(&url).await.expect("a superuser can connect");
            connection.execute("SET session_replication_role = replica").await.expect("a superuser may");
            connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("the statement runs");
        } else {
            let mut connection = self.sqlite_file().await;
            let triggers: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                .fetch_all(&mut connection)
                .await
                .expect("triggers can be listed");
            for trigger in triggers {
                let drop = AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
                connection.execute(drop).await.expect("a trigger can be dropped");
            }
            connection.execute("PRAGMA foreign_keys = OFF").await.expect("a setting can be set");
            connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("the statement runs");
        }
    }

    /// Takes the scoped predicates away from all further transactions, so that only row-level security is left.
    ///
    /// # Panics
    /// The store is not on PostgreSQL: nothing would be left.
    pub fn take_predicates_away(&self) {
        assert!(self.is_postgres(), "SQLite has no row-level security");
        self.store.take_predicates_away();
    }

    /// A text that is another one when any row of a client is, the activity log left out.
    ///
    /// # Panics
    /// The database cannot be read.
    pub async fn digest_of(&self, client: Uuid) -> String {
        let mut digest = String::new();
        if self.is_postgres() {
            let url = self.owner_url().replace("sblocco_owner", "sblocco_super");
            let mut connection = PgConnection::connect(&url).await.expect("a superuser can connect");
            let tables: Vec<String> = sqlx::query_scalar(
                "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'client_id'
                 AND table_schema = 'public' AND table_name <> 'activities' ORDER BY 1",
            )
            .fetch_all(&mut connection)
            .await
            .expect("tables can be listed");
            for table in tables {
                let sql = format!(
                    "SELECT coalesce(string_agg(row::text, ';' ORDER BY row::text), '') FROM {table} row WHERE client_id = $1"
                );
                let rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).bind(client).fetch_one(&mut connection);
                digest += &rows.await.expect("a table can be read");
            }
        } else {
            let mut connection = self.sqlite_file().await;
            let columns: Vec<(String, String)> = sqlx::query_as(
                "SELECT m.name, group_concat('quote(\"' || c.name || '\")', ' || '','' || ')
                 FROM sqlite_master m JOIN pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND m.name <> 'activities' GROUP BY m.name
                 HAVING sum(c.name = 'client_id') > 0 ORDER BY m.name",
            )
            .fetch_all(&mut connection)
            .await
            .expect("tables can be listed");
            for (table, values) in columns {
                let sql = format!(
                    "SELECT coalesce(group_concat(row, ';'), '') FROM (SELECT {values} AS row FROM {table} WHERE client_id = $1 ORDER BY 1)"
                );
                let rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).bind(client).fetch_one(&mut connection);
                digest += &rows.await.expect("a table can be read");
            }
        }
        digest
    }

    /// Runs a statement with the rights that the program has, seeing all clients.
    ///
    /// # Errors
    /// The database refuses it.
    pub async fn try_as_program(&self, sql: &str) -> Result<(), sqlx::Error> {
        let statement = AssertSqlSafe(sql.to_owned());
        if self.is_postgres() {
            let mut connection = PgConnection::connect(self.url()).await?;
            connection.execute("SELECT set_config('app.visibility', 'all', false)").await?;
            connection.execute(statement).await.map(drop)
        } else {
            self.sqlite_file().await.execute(statement).await.map(drop)
        }
    }
}
