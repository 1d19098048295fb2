//! A PostgreSQL server that a test may end and start again.

use tempfile::TempDir;

use super::{EmptyDatabase, cluster::Cluster, databases, files, programs::Programs};

/// A server with one database without tables. Ended when dropped.
#[derive(Debug)]
pub struct OwnServer {
    cluster: Cluster,
    programs: Programs,
    database: EmptyDatabase,
    _folder: TempDir,
}

impl OwnServer {
    /// Starts one, which takes about two seconds.
    ///
    /// # Panics
    /// The test cannot begin: PostgreSQL is missing, and it is said what to install.
    pub async fn start() -> Self {
        let programs = Programs::find(&files::shared_folder());
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        programs.open_to_the_server(folder.path());
        let cluster = Cluster::own(folder.path().join("pg"), &programs).await;
        let database = EmptyDatabase(databases::empty_on(cluster.clone()).await);
        Self { cluster, programs, database, _folder: folder }
    }

    /// Its database.
    pub fn database(&self) -> &EmptyDatabase {
        &self.database
    }

    /// Ends it as a power cut would.
    pub fn end(&self) {
        self.cluster.end(&self.programs);
    }

    /// Starts it again after [`OwnServer::end`].
    pub fn begin_again(&self) {
        self.cluster.begin(&self.programs);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.cluster.end_if_running(&self.programs);
    }
}
