//! A deployment of Sblocco that takes webhooks, and the simulated Meta.

use std::{
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Failure, http};

/// Where whoever is measured listens.
pub(crate) const ADDRESS: &str = "127.0.0.1:8489";
/// The app's secret.
pub(crate) const SECRET: &str = "a-secret-of-the-bench";
/// The account whose traffic is the load, and its number.
const WABA: &str = "102290129340398";
pub(crate) const NUMBER: &str = "106540352242922";
const PASSWORD: &str = "correct horse battery staple";
/// Accounts that can be blocked.
const BLOCKED: usize = 24;
const PATIENCE: Duration = Duration::from_mins(1);

/// A process that is ended when dropped.
pub(crate) struct Server(Child);

impl Server {
    /// Starts it, and waits until it answers.
    pub(crate) fn begin(command: &mut Command) -> Result<Self, Failure> {
        let server = Self(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
        let begun = Instant::now();
        while TcpStream::connect(ADDRESS).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err("the server does not answer".into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Lets it end.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status()?;
        if !asked.success() || !self.0.wait()?.success() {
            return Err("the server did not end well".into());
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A deployment with a client whose account the load is about, and others that can be blocked.
pub(crate) struct Deployment {
    folder: TempDir,
    program: PathBuf,
    /// Of a member of staff who sees everything.
    token: String,
    /// Whose the load is.
    client: String,
}

impl Deployment {
    pub(crate) fn new(program: &str) -> Result<Self, Failure> {
        let program = PathBuf::from(program);
        let mut site = Self { folder: tempfile::tempdir()?, program, token: String::new(), client: String::new() };
        site.run(&["migrate"])?;
        let password = site.folder.path().join("password");
        std::fs::write(&password, PASSWORD)?;
        let staff =
            ["admin", "create-staff-user", "--email", "ada@bsp.example", "--name", "Ada", "--role", "bsp_admin"];
        site.run(&[&staff[..], &["--password-file", &password.display().to_string()]].concat())?;
        site.client = site.create_client("bench")?;
        let server = site.serve()?;
        let sign_in =
            "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { accessToken } }";
        let signed_in =
            http::graphql(ADDRESS, "", sign_in, &json!({ "e": "ada@bsp.example", "p": PASSWORD }))?["signIn"].take();
        signed_in["accessToken"].as_str().ok_or("Ada cannot sign in")?.clone_into(&mut site.token);
        site.create_account(&site.client, WABA)?;
        for number in 0..BLOCKED {
            let client = site.create_client(&format!("blocked-{number}"))?;
            site.create_account(&client, &blocked(number))?;
        }
        server.stop()?;
        Ok(site)
    }

    fn create_client(&self, slug: &str) -> Result<String, Failure> {
        let made = self.run(&["admin", "create-client", "--name", slug, "--slug", slug])?;
        Ok(made.split_whitespace().next().ok_or("no client was made")?.to_owned())
    }

    fn create_account(&self, client: &str, account: &str) -> Result<(), Failure> {
        let create = "mutation($i: WabaCreateInput!) { wabaCreate(input: $i) { waba { id } userErrors { message } } }";
        let input = json!({ "i": { "clientId": client, "metaId": account, "name": account } });
        let made = self.graphql(create, &input)?;
        if made["wabaCreate"]["waba"]["id"].is_string() { Ok(()) } else { Err(made.to_string().into()) }
    }

    /// What a document asks for, as Ada.
    pub(crate) fn graphql(&self, document: &str, variables: &Value) -> Result<Value, Failure> {
        http::graphql(ADDRESS, &self.token, document, variables)
    }

    /// Tickets of a block, with their client's name.
    pub(crate) fn tickets(&self) -> Result<Vec<String>, Failure> {
        let document = "{ tickets(first: 50) { nodes { priority client { slug } } } }";
        let read = self.graphql(document, &Value::Null)?;
        let nodes = read["tickets"]["nodes"].as_array().ok_or("no page of tickets")?;
        let blocks = nodes.iter().filter(|ticket| ticket["priority"] == "P1");
        Ok(blocks.filter_map(|ticket| Some(ticket["client"]["slug"].as_str()?.to_owned())).collect())
    }

    /// Whose the load is.
    pub(crate) fn client(&self) -> &str {
        &self.client
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where its database is.
    pub(crate) fn database(&self) -> String {
        std::env::var("SBLOCCO_DATABASE__URL")
            .unwrap_or_else(|_| format!("sqlite://{}", self.folder.path().join("data/sblocco.db").display()))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.folder.path());
        // Settings of whoever runs this are not what is measured; the database aside.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("SBLOCCO_") && !name.starts_with("SBLOCCO_DATABASE__") {
                command.env_remove(&*name);
            }
        }
        command
            .env("SBLOCCO_DATA__DIR", self.folder.path().join("data"))
            .env("SBLOCCO_META__APP_SECRETS", SECRET)
            .env("SBLOCCO_AUTH__ACCESS_TOKEN_MINUTES", "60");
        command
    }

    /// Runs a command to its end; what it said.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let done = self.command(arguments).stdin(Stdio::null()).output()?;
        if !done.status.success() {
            return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&done.stderr)).into());
        }
        Ok(String::from_utf8(done.stdout)?)
    }

    /// The server, as it is by default; its log goes to a file.
    pub(crate) fn serve(&self) -> Result<Server, Failure> {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        Server::begin(self.command(&["serve", "--listen", ADDRESS]).stderr(log))
    }

    /// The simulated Meta.
    pub(crate) fn simulate(&self, arguments: &[impl AsRef<std::ffi::OsStr>]) -> Command {
        let url = format!("http://{ADDRESS}/webhooks/meta");
        let mut command = self.command(&["simulate", "meta", "--url", &url, "--secret", SECRET]);
        command.args(arguments);
        command
    }

    /// Arguments by which Meta tells of a block of another account, each number one of its own.
    pub(crate) fn block(number: usize) -> Vec<String> {
        let account = blocked(number);
        let fixed =
            ["--block", "--rate", "1", "--seconds", "1", "--batch", "1", "--duplicates", "0", "--retries", "60"];
        let first = (900_000_000_000 + number).to_string();
        let rest = ["--waba", &account, "--first", &first];
        fixed.iter().chain(&rest).map(|&word| word.to_owned()).collect()
    }
}

fn blocked(number: usize) -> String {
    format!("20{number:04}")
}
