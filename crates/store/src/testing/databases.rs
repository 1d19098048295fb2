//! A database for each test: a copy of one that was migrated once.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use migrations::{Address, RuntimeRole, Target};
use sqlx::{AssertSqlSafe, Connection as _};
use tempfile::TempDir;

use super::{
    cluster::{Cluster, RUNTIME, execute},
    files,
};

/// A database that goes away when dropped.
#[derive(Debug)]
pub(super) struct TestDatabase {
    url: String,
    owner_url: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite { _folder: TempDir },
    Postgres { cluster: Cluster, name: String },
}

impl TestDatabase {
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn owner_url(&self) -> &str {
        &self.owner_url
    }
}

/// A file with the whole schema.
pub(super) async fn sqlite() -> TestDatabase {
    let shared = files::shared_folder();
    let template = shared.join(format!("template-{:016x}.db", migrations::fingerprint()));
    {
        let _lock = files::lock(&shared, "sqlite.lock").await;
        if !template.exists() {
            let making = shared.join("making.db");
            for end in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(shared.join(format!("making.db{end}")));
            }
            migrate(Address::Sqlite(making.clone()), None).await;
            fs::rename(making, &template).expect("a file of ours can be renamed");
        }
    }
    let database = empty_sqlite().await;
    fs::copy(template, Path::new(&database.url)).expect("a file of ours can be copied");
    database
}

/// A file that does not exist.
#[expect(clippy::unused_async, reason = "as on PostgreSQL")]
pub(super) async fn empty_sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("sblocco.db");
    let url = path.to_str().expect("the temporary folder's name is UTF-8").to_owned();
    TestDatabase { owner_url: url.clone(), url, kind: Kind::Sqlite { _folder: folder } }
}

/// A database with the whole schema.
pub(super) async fn postgres() -> TestDatabase {
    let cluster = Cluster::get().await;
    let template = format!("template_{:016x}", migrations::fingerprint());
    prepare(&cluster, &template).await;
    make(cluster, Some(&template)).await
}

/// A database without tables.
pub(super) async fn empty_postgres() -> TestDatabase {
    make(Cluster::get().await, None).await
}

/// A database without tables, on a server of a test's own.
pub(super) async fn empty_on(cluster: Cluster) -> TestDatabase {
    make(cluster, None).await
}

async fn make(cluster: Cluster, template: Option<&str>) -> TestDatabase {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = cluster.connect("postgres").await.expect("the server can be reached");
    // Left by a process that was killed, and had our number.
    execute(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    cluster.create(&name, template).await;
    let (url, owner_url) = (cluster.runtime_url(&name), cluster.owner_url(&name));
    TestDatabase { url, owner_url, kind: Kind::Postgres { cluster, name } }
}

/// Migrates a database once; it gets its name when it is complete.
async fn prepare(cluster: &Cluster, template: &str) {
    let mut connection = cluster.connect("postgres").await.expect("the server can be reached");
    let exists = format!("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{template}')");
    // The session's end unlocks.
    execute(&mut connection, "SELECT pg_advisory_lock(1)".to_owned()).await;
    let exists: bool =
        sqlx::query_scalar(AssertSqlSafe(exists)).fetch_one(&mut connection).await.expect("databases can be listed");
    if !exists {
        execute(&mut connection, "DROP DATABASE IF EXISTS preparing WITH (FORCE)".to_owned()).await;
        cluster.create("preparing", None).await;
        let role = RuntimeRole::new(RUNTIME, None).expect("the role's name is a plain one");
        migrate(Address::Postgres(cluster.owner_url("preparing")), Some(role)).await;
        execute(&mut connection, format!("ALTER DATABASE preparing RENAME TO {template}")).await;
    }
    connection.close().await.expect("a connection can be closed");
}

async fn migrate(address: Address, runtime_role: Option<RuntimeRole>) {
    let applied = migrations::up(&Target { address, runtime_role }).await;
    applied.unwrap_or_else(|error| panic!("migrations fail: {error} {error:?}"));
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Kind::Postgres { cluster, name } = &self.kind else { return };
        let (cluster, sql) = (cluster.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // On a runtime of its own: the test's is busy with dropping. What cannot be dropped goes with the server.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                if let Ok(mut connection) = cluster.connect("postgres").await {
                    let _ = sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await;
                }
            });
        });
        let _ = dropped.join();
    }
}
