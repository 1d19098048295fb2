//! The programs of a PostgreSQL server, and the user as whom they run: PostgreSQL refuses to run as root.

use std::{
    fs,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const HELP: &str = "the tests need the PostgreSQL server, 15 or newer: install it (Debian, Ubuntu: apt-get install postgresql), or \
                    name the folder of initdb and postgres in SBLOCCO_TEST_POSTGRES_BIN";

/// Where the programs are, and as whom they run.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    folder: PathBuf,
    /// User and group, when the tests run as root.
    user: Option<(u32, u32)>,
}

impl Programs {
    /// Finds them. `folder` is one of ours, and tells who we are.
    pub(super) fn find(folder: &Path) -> Self {
        let candidates = std::env::var_os("SBLOCCO_TEST_POSTGRES_BIN").map_or_else(candidates, |set| vec![set.into()]);
        let usable = |folder: &PathBuf| ["initdb", "postgres", "pg_ctl"].iter().all(|name| folder.join(name).is_file());
        let found = candidates.into_iter().find(usable).unwrap_or_else(|| panic!("{HELP}"));
        let root = fs::metadata(folder).expect("our own folder exists").uid() == 0;
        let user = root.then(|| user_of("postgres").or_else(|| user_of("nobody")).expect("there is a user nobody"));
        Self { folder: found, user }
    }

    /// A folder that the server's user can write.
    pub(super) fn make_folder(&self, path: &Path) {
        fs::create_dir_all(path).expect("a folder can be made in the temporary folder");
        if let Some((user, group)) = self.user {
            std::os::unix::fs::chown(path, Some(user), Some(group)).expect("root can give folders away");
        }
    }

    /// Lets the server's user pass through a folder of ours.
    pub(super) fn open_to_the_server(&self, path: &Path) {
        if self.user.is_some() {
            let passable = std::os::unix::fs::PermissionsExt::from_mode(0o711);
            fs::set_permissions(path, passable).expect("the rights of a folder of ours can be set");
        }
    }

    /// One of the programs, in `folder`, that hears and says nothing.
    pub(super) fn command(&self, program: &str, folder: &Path) -> Command {
        self.prepare(Command::new(self.folder.join(program)), folder)
    }

    /// A shell script with the folder of the programs as its argument.
    pub(super) fn script(&self, text: &str, folder: &Path) -> Command {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", text, "sblocco-test-postgres"]).arg(&self.folder);
        self.prepare(shell, folder)
    }

    fn prepare(&self, mut command: Command, folder: &Path) -> Command {
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Neither Ctrl-C nor the end of a test may reach it: other tests use the same server.
        command.process_group(0);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// What distinguishes these programs from others.
    pub(super) fn name(&self) -> String {
        format!("{}:{:?}", self.folder.display(), self.user)
    }
}

/// Newest first.
fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let told = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output();
    if let Ok(output) = told
        && let Ok(folder) = String::from_utf8(output.stdout)
    {
        folders.push(PathBuf::from(folder.trim()));
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev().map(|(_, folder)| folder));
    folders
}

fn user_of(name: &str) -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
