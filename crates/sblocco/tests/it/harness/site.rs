//! Where the program runs: a folder, a database, settings.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use store::testing::EmptyDatabase;
use tempfile::TempDir;

use super::Process;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sblocco");

/// The program, without the settings of whoever runs the tests.
pub(crate) fn program() -> Command {
    bare(Command::new(PROGRAM))
}

fn bare(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SBLOCCO_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Done {
    /// It succeeded; its standard output, without the last line's end.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.status, Some(0), "{self:?}");
        self.stdout.trim_end().to_owned()
    }

    /// It failed with this status and said all of `words` on standard error, and it did not panic.
    #[track_caller]
    pub(crate) fn fails(self, status: i32, words: &[&str]) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is missing: {self:?}");
        }
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        self
    }
}

/// A deployment.
pub(crate) struct Site {
    folder: TempDir,
    settings: Vec<(String, String)>,
    /// What stands before the program: a command that enters where a file system is mounted.
    enter: Vec<String>,
    _database: Option<EmptyDatabase>,
}

/// What [`Site::furnish`] made.
#[derive(Debug)]
pub(crate) struct Furnished {
    /// Ids of the clients `aurora` and `borea`.
    pub(crate) aurora: String,
    pub(crate) borea: String,
    /// Tokens of their gateways: may import, look at imports, ask for audits and read them.
    pub(crate) aurora_token: String,
    pub(crate) borea_token: String,
}

pub(crate) const PASSWORD: &str = "correct horse battery staple";

impl Site {
    /// On the embedded default.
    pub(crate) fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), settings: Vec::new(), enter: Vec::new(), _database: None }
            .data_in("data")
    }

    /// On a database of the server that the tests share.
    pub(crate) fn postgres() -> Self {
        let database = block_on(EmptyDatabase::postgres());
        let (url, owner) = (database.url().to_owned(), database.owner_url().to_owned());
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
            settings: Vec::new(),
            enter: Vec::new(),
            _database: Some(database),
        };
        site.data_in("data").with("SBLOCCO_DATABASE__URL", &url).with("SBLOCCO_DATABASE__OWNER_URL", &owner)
    }

    /// On a database of a server that a test ends.
    pub(crate) fn on(database: &EmptyDatabase) -> Self {
        let site =
            Self { folder: tempfile::tempdir().unwrap(), settings: Vec::new(), enter: Vec::new(), _database: None };
        site.data_in("data")
            .with("SBLOCCO_DATABASE__URL", database.url())
            .with("SBLOCCO_DATABASE__OWNER_URL", database.owner_url())
    }

    fn data_in(self, name: &str) -> Self {
        let data = self.path(name).display().to_string();
        self.with("SBLOCCO_DATA__DIR", &data)
    }

    /// With a setting, by the name of its variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a setting from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Runs commands through this one from now on.
    pub(crate) fn enter(&mut self, command: &[&str]) {
        self.enter = command.iter().map(|&word| word.to_owned()).collect();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// A command, in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match self.enter.split_first() {
            None => program(),
            Some((enter, arguments)) => {
                let mut command = bare(Command::new(enter));
                command.args(arguments).arg(PROGRAM);
                command
            }
        };
        command.args(arguments).current_dir(self.folder.path());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.command(arguments).output().unwrap().into()
    }

    /// Imports a file of `aurora`.
    pub(crate) fn import(&self, kind: &str, path: &Path) -> Done {
        self.run(&["import", kind, path.to_str().unwrap(), "--client", "aurora"])
    }

    /// A database, two clients, their tokens, and Ada of the BSP.
    pub(crate) fn furnish(&self) -> Furnished {
        self.run(&["migrate"]).ok();
        let password = self.file("password", PASSWORD);
        let user = ["admin", "create-staff-user", "--email", "ada@bsp.example", "--name", "Ada", "--role", "bsp_admin"];
        self.run(&[&user[..], &["--password-file", password.to_str().unwrap()]].concat()).ok();
        let client = |slug: &str, name: &str| {
            let made = self.run(&["admin", "create-client", "--name", name, "--slug", slug]).ok();
            made.split(' ').next().unwrap().to_owned()
        };
        let token = |client: &str| {
            let mut arguments = vec!["admin", "create-api-token", "--name", "gateway", "--client", client];
            for permission in ["traffic:import", "consents:import", "imports:read", "audits:read", "audits:write"] {
                arguments.extend(["--permission", permission]);
            }
            self.run(&arguments).ok()
        };
        Furnished {
            aurora: client("aurora", "Aurora"),
            borea: client("borea", "Borea"),
            aurora_token: token("aurora"),
            borea_token: token("borea"),
        }
    }

    /// HTTP and a worker, on a free port.
    pub(crate) fn serve(&self) -> Process {
        self.serve_with(&[])
    }

    /// HTTP on a free port, with further arguments.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> Process {
        Process::start(self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat()))
    }

    /// Names of everything below a folder of the site, files alone.
    pub(crate) fn files_below(&self, name: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), found);
                } else {
                    found.push(entry.path());
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(name), &mut found);
        found
    }
}

/// Awaits what only the making of databases needs.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
