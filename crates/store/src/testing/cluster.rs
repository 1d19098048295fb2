//! One PostgreSQL server for all test processes of a run: nextest gives every test a process of its own, and a server takes a
//! second to start. The first process starts it, the others find it, and a watchdog stops it when no test has begun for some
//! minutes, however the tests ended.
//!
//! In its folder: `data`; the socket; `used`, touched by each test; `alive` while the server may be used, `stopping` while the
//! watchdog stops it. A test touches `used` and then looks for `alive`; the watchdog renames `alive` and then looks at `used`
//! once more: so one of them sees the other.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use sqlx::{Connection as _, PgConnection};

use super::{files, programs::Programs};

/// Owner of the cluster: makes databases and roles, and is used for nothing else.
const SUPERUSER: &str = "sblocco_super";
/// Owner of databases and tables: not a superuser, as in production.
const OWNER: &str = "sblocco_owner";
/// As whom the program runs.
pub(super) const RUNTIME: &str = "sblocco_app";

/// Fast, for nobody cuts the power of a test. Commits are written before they are told all the same: a test that ends its
/// server at once, and starts it again, counts on them.
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 300
shared_buffers = 64MB
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
log_min_messages = fatal
";

/// Minutes are those of `find`: longer than any one test may take.
const WATCHDOG: &str = r#"
{ while sleep 5; do
  [ -f data/postmaster.pid ] || exit 0
  [ -z "$(find used -mmin -6)" ] || continue
  mv alive stopping || exit 0
  if [ -z "$(find used -mmin -6)" ]; then
    "$1/pg_ctl" -D data -m immediate -w stop
    rm -rf data
    rm -f stopping
    exit 0
  fi
  mv stopping alive
done; } &
"#;

/// A server that runs.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    folder: PathBuf,
}

impl Cluster {
    /// The server of this run; started when it does not run.
    pub(super) async fn get() -> Self {
        let shared = files::shared_folder();
        let programs = Programs::find(&shared);
        let folder = shared.join("pg");
        let _lock = files::lock(&shared, "lock").await;
        programs.make_folder(&folder);
        fs::write(folder.join("used"), programs.name()).expect("a file can be made in our own folder");
        wait_while_stopping(&folder).await;
        let cluster = Self { folder };
        if !cluster.folder.join("alive").exists() || cluster.connect("postgres").await.is_err() {
            cluster.start(&programs).await;
        }
        cluster
    }

    /// A server of its own in `folder`, which must be empty, for a test that ends it. Nobody else finds it; the watchdog stops it
    /// where the test does not live to do so.
    pub(super) async fn own(folder: PathBuf, programs: &Programs) -> Self {
        programs.make_folder(&folder);
        fs::write(folder.join("used"), "").expect("a file can be made in our own folder");
        let cluster = Self { folder };
        cluster.start(programs).await;
        cluster
    }

    async fn start(&self, programs: &Programs) {
        let folder = &self.folder;
        let data = folder.join("data");
        for leftover in ["alive", "stopping"] {
            let _ = fs::remove_file(folder.join(leftover));
        }
        if data.exists() {
            // Half made by a process that was killed, or left by a machine that was.
            let _ = programs.command("pg_ctl", folder).args(["-D", "data", "-m", "immediate", "-w", "stop"]).status();
            fs::remove_dir_all(&data).expect("a folder of ours can be removed");
        }
        let arguments = ["-D", "data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
        run(programs.command("initdb", folder).args(arguments), "initdb");
        let configuration = data.join("postgresql.auto.conf");
        let socket = format!("unix_socket_directories = '{}'\n", folder.display());
        fs::write(configuration, format!("{SETTINGS}{socket}")).expect("the settings can be written");
        self.begin(programs);
        let mut connection = self.connect("postgres").await.expect("a server that has started can be reached");
        execute(&mut connection, format!("CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE")).await;
        connection.close().await.expect("a connection can be closed");
        fs::write(folder.join("alive"), "").expect("a file can be made in our own folder");
        run(&mut programs.script(WATCHDOG, folder), "the watchdog");
    }

    /// Starts the server of a folder that has its data.
    pub(super) fn begin(&self, programs: &Programs) {
        let arguments = ["-D", "data", "-w", "-t", "60", "-l", "log", "start"];
        run(programs.command("pg_ctl", &self.folder).args(arguments), "pg_ctl");
    }

    /// Ends the server as a power cut would.
    pub(super) fn end(&self, programs: &Programs) {
        let arguments = ["-D", "data", "-m", "immediate", "-w", "stop"];
        run(programs.command("pg_ctl", &self.folder).args(arguments), "pg_ctl");
    }

    /// Ends the server where it runs.
    pub(super) fn end_if_running(&self, programs: &Programs) {
        let arguments = ["-D", "data", "-m", "immediate", "-w", "stop"];
        let _ = programs.command("pg_ctl", &self.folder).args(arguments).status();
    }

    /// A connection as the superuser.
    pub(super) async fn connect(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(&self.url(SUPERUSER, database)).await
    }

    /// Address of a database for its owner.
    pub(super) fn owner_url(&self, database: &str) -> String {
        self.url(OWNER, database)
    }

    /// Address of a database for the program.
    pub(super) fn runtime_url(&self, database: &str) -> String {
        self.url(RUNTIME, database)
    }

    /// Makes a database, empty or as a copy.
    pub(super) async fn create(&self, database: &str, template: Option<&str>) {
        let mut connection = self.connect("postgres").await.expect("the server can be reached");
        let template = template.unwrap_or("template0");
        execute(&mut connection, format!("CREATE DATABASE {database} OWNER {OWNER} TEMPLATE {template}")).await;
        connection.close().await.expect("a connection can be closed");
    }

    fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@localhost/{database}?host={}", self.folder.display())
    }
}

/// Runs a statement that must succeed.
pub(super) async fn execute(connection: &mut PgConnection, sql: String) {
    let result = sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(connection).await;
    result.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn wait_while_stopping(folder: &Path) {
    for _ in 0..200 {
        if !folder.join("stopping").exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn run(command: &mut Command, name: &str) {
    let status = command.status().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
    assert!(status.success(), "{name} failed ({status}); {command:?}");
}
