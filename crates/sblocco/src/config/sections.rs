//! The sections of the configuration, one struct each. What a key means stands in `default.toml`, beside its default.

use domain::tickets::TicketKind;
use serde::{Deserialize, Serialize};

use super::{ByteSize, Secret, SecretUrl};

/// `[data]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Folder of everything that has no place of its own.
    pub dir: String,
}

/// `[server]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: String,
    /// The address by which users reach the server.
    pub public_url: String,
    /// Seconds for running work to end.
    pub shutdown_grace_seconds: u64,
    /// Seconds for the head of a request to arrive.
    pub header_timeout_seconds: u64,
    /// Certificate chain in PEM, for TLS.
    pub tls_certificate_file: String,
    /// Its private key in PEM.
    pub tls_key_file: String,
    /// Origins of pages that may use the API.
    pub allowed_origins: Vec<String>,
    /// Networks of reverse proxies that are believed.
    pub trusted_proxies: Vec<String>,
    /// Requests that one address may save up; 0: no limit.
    pub requests_burst: u64,
    /// Requests that come back to it each second.
    pub requests_per_second: u64,
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// For `serve` and `worker`.
    pub url: SecretUrl,
    /// For `migrate`.
    pub owner_url: SecretUrl,
    /// PostgreSQL: the role in `url`.
    pub runtime_role: String,
    /// Connections at most.
    pub max_connections: u32,
}

/// `[lake]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lake {
    /// Where segments are kept.
    pub url: String,
    /// Memory of imports and audits.
    pub memory: ByteSize,
    /// Threads of imports and audits; 0 is as many as the machine has.
    pub threads: u32,
    /// Where they spill.
    pub temp_dir: String,
    /// `[lake.s3]`
    pub s3: S3,
}

/// `[lake.s3]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// Address of a compatible store.
    pub endpoint: String,
    /// Region of the bucket.
    pub region: String,
    /// Who.
    pub access_key_id: String,
    /// The secret of `access_key_id`.
    pub secret_access_key: Secret,
    /// A file that holds it.
    pub secret_access_key_file: String,
    /// Whether an endpoint without TLS is accepted.
    pub allow_http: bool,
}

/// `[queue]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Where jobs wait.
    pub url: SecretUrl,
}

/// `[auth]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// What signs access tokens.
    pub jwt_secret: Secret,
    /// A file that holds it.
    pub jwt_secret_file: String,
    /// What seals the secrets that are kept; several, the first one seals.
    pub secrets_key: Secret,
    /// A file that holds it.
    pub secrets_key_file: String,
    /// How long an access token is good.
    pub access_token_minutes: u32,
    /// How long a sign-in lasts unused.
    pub refresh_token_days: u32,
    /// Passwords checked at the same time.
    pub password_concurrency: u32,
    /// A file of passwords that are known from breaches.
    pub breached_passwords_file: String,
    /// Whether staff sign in with a second factor alone.
    pub staff_second_factor: bool,
}

/// `[meta]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Secrets of Meta's apps, with blanks between.
    pub app_secrets: Secret,
    /// A file that holds them.
    pub app_secrets_file: String,
    /// What Meta's handshake must name.
    pub verify_token: Secret,
    /// Largest body.
    pub body: ByteSize,
    /// Days for which bodies are kept that were dealt with.
    pub keep_days: u32,
    /// Seconds for which what is told of messages is collected before it goes into the lake.
    pub collect_seconds: u64,
    /// What Meta does to templates that is a ticket.
    pub template_tickets: Vec<String>,
}

impl Meta {
    /// The kinds of tickets that are named; a word that is none was found already.
    pub fn template_tickets(&self) -> Vec<TicketKind> {
        self.template_tickets.iter().filter_map(|word| word.parse().ok()).collect()
    }
}

/// `[graph]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    /// Where the Graph API is.
    pub base_url: String,
    /// The token of a system user.
    pub token: Secret,
    /// A file that holds it.
    pub token_file: String,
    /// Minutes between two questions about an account.
    pub poll_minutes: u32,
}

/// `[worker]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// Jobs at the same time.
    pub concurrency: u32,
    /// Jobs of one client at the same time.
    pub jobs_per_client: u32,
    /// Seconds of silence after which a running job is taken from its worker.
    pub takeover_seconds: u64,
    /// Address at which `sblocco worker` answers those who watch it; empty: it listens nowhere.
    pub listen: String,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How.
    pub format: LogFormat,
    /// From which level on, by module.
    pub level: String,
}

/// What takes mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// A folder.
    File,
    /// A mail server.
    Smtp,
}

/// How the connection to the mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// By STARTTLS.
    Starttls,
    /// From the first byte on.
    Implicit,
    /// Not.
    None,
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// What takes mails.
    pub transport: MailTransport,
    /// Where files go.
    pub folder: String,
    /// The address that mails come from.
    pub from: String,
    /// The address at which tickets are answered by mail.
    pub reply_address: String,
    /// By what name people know the sender.
    pub sender: String,
    /// Address of the web application that people use.
    pub portal_url: String,
    /// `[mail.smtp]`
    pub smtp: Smtp,
}

/// `[mail.smtp]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Name of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: MailTls,
    /// Who signs in.
    pub user: String,
    /// The password of `user`.
    pub password: Secret,
    /// A file that holds it.
    pub password_file: String,
}

/// `[webhooks]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// Whether they may go to this machine.
    pub allow_loopback: bool,
}

/// `[sla]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sla {
    /// IANA zone of the first calendar of working hours, made when there is none: Monday to Friday, 09:00 to 18:00.
    pub time_zone: String,
}

/// `[language]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// `it` or `en`.
    pub default: String,
}

/// Who may ask for the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Introspection {
    /// Everybody.
    Open,
    /// Who is signed in.
    SignedIn,
    /// Nobody.
    Off,
}

/// Which documents may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentRule {
    /// Any.
    Open,
    /// Any, and untrusted ones are counted.
    Watched,
    /// Trusted ones.
    Trusted,
}

/// `[graphql]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Graphql {
    /// Names, numbers, texts and punctuation of a document.
    pub tokens: usize,
    /// Nesting of its brackets.
    pub nesting: usize,
    /// Operations.
    pub operations: usize,
    /// Fragments.
    pub fragments: usize,
    /// Directives.
    pub directives: u64,
    /// Levels of fields.
    pub depth: u64,
    /// Levels of fields under the schema.
    pub introspection_depth: u64,
    /// Fields, once fragments are expanded.
    pub fields: u64,
    /// Aliases, once fragments are expanded.
    pub aliases: u64,
    /// Fields at the root of a query.
    pub root_fields: u64,
    /// Fields at the root of a mutation.
    pub root_mutations: u64,
    /// Variables.
    pub variables: usize,
    /// Points that one document may cost.
    pub cost: u64,
    /// Points that a credential may save up; 0: no limit.
    pub cost_burst: u64,
    /// Points that come back to it each second.
    pub cost_per_second: u64,
    /// Who may ask for the schema.
    pub introspection: Introspection,
    /// Whether errors suggest names.
    pub suggestions: bool,
    /// Errors of one answer.
    pub errors: usize,
    /// Characters of one message.
    pub error_characters: usize,
    /// WebSockets of one process.
    pub sockets: usize,
    /// Operations of one socket.
    pub socket_operations: usize,
    /// Folder or file of trusted documents.
    pub trusted_documents: String,
    /// What people may send.
    pub people_documents: DocumentRule,
    /// What programs may send.
    pub program_documents: DocumentRule,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Largest upload, as sent.
    pub upload_size: ByteSize,
    /// Seconds without a byte after which an upload is given up.
    pub upload_idle_seconds: u64,
    /// Largest body of `/graphql`.
    pub graphql_body: ByteSize,
    /// Seconds for that body to arrive.
    pub graphql_read_seconds: u64,
    /// Seconds for an operation to run.
    pub graphql_execution_seconds: u64,
    /// Uploads at the same time.
    pub uploads: u32,
}
