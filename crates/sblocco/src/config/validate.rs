//! What is wrong with a configuration that reads well: each problem names its key and says what to do. Looks at values alone,
//! never at the disk or the network: that is what `doctor` is for.

use std::{fmt, net::SocketAddr};

use domain::{accounts::User, tickets::TicketKind};
use ipnet::IpNet;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::{Config, DocumentRule, MailTransport, SecretUrl};

/// Fewest characters of a secret that signs tokens: 256 bits in the worst case.
pub const SECRET_CHARACTERS: usize = 32;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// As in `server.listen`.
    pub key: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, key: &'static str, message: impl Into<String>) {
        self.0.push(Problem { key, message: message.into() });
    }

    fn range<T: PartialOrd + fmt::Display>(&mut self, key: &'static str, value: T, least: T, greatest: T) {
        if value < least || value > greatest {
            self.add(key, format!("{value} is out of range: give {least} to {greatest}"));
        }
    }
}

/// Everything wrong with `config`, in the order of its sections.
pub(super) fn problems(config: &Config) -> Vec<Problem> {
    let mut problems = Problems(Vec::new());
    server(config, &mut problems);
    database(config, &mut problems);
    lake(config, &mut problems);
    auth(config, &mut problems);
    meta(config, &mut problems);
    graphql(config, &mut problems);
    mail(config, &mut problems);
    graph(config, &mut problems);
    rest(config, &mut problems);
    problems.0
}

fn server(config: &Config, problems: &mut Problems) {
    let server = &config.server;
    if config.data.dir.trim().is_empty() {
        problems.add("data.dir", "is empty: name a folder, which is made when it does not exist");
    }
    if server.listen.parse::<SocketAddr>().is_err() {
        problems.add("server.listen", "is no address: give IP and port, such as 127.0.0.1:8480 or [::]:8480");
    }
    if !server.public_url.is_empty() {
        match Url::parse(&server.public_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {}
            _ => problems.add("server.public_url", "is no web address: give https://host, or leave it empty"),
        }
    }
    problems.range("server.shutdown_grace_seconds", server.shutdown_grace_seconds, 0, 3_600);
    problems.range("server.header_timeout_seconds", server.header_timeout_seconds, 1, 120);
    problems.range("server.requests_burst", server.requests_burst, 0, 1_000_000);
    problems.range("server.requests_per_second", server.requests_per_second, 1, 1_000_000);
    if server.tls_certificate_file.is_empty() != server.tls_key_file.is_empty() {
        problems.add("server.tls_key_file", "and tls_certificate_file belong together: give both or neither");
    }
    for origin in &server.allowed_origins {
        let is_origin = Url::parse(origin)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == *origin);
        if !is_origin {
            problems
                .add("server.allowed_origins", format!("{origin:?} is no origin: give https://host, without a path"));
        }
    }
    for network in &server.trusted_proxies {
        if network.parse::<IpNet>().is_err() {
            problems.add("server.trusted_proxies", format!("{network:?} is no network: give one such as 10.0.0.0/8"));
        }
    }
}

fn scheme(url: &SecretUrl) -> Option<&str> {
    url.expose().map(|url| url.split(':').next().unwrap_or_default())
}

fn database(config: &Config, problems: &mut Problems) {
    let database = &config.database;
    let known = |scheme: Option<&str>| matches!(scheme, None | Some("sqlite" | "postgres" | "postgresql"));
    if !known(scheme(&database.url)) {
        problems.add(
            "database.url",
            "is neither postgres://… nor sqlite://…: give one of them, or leave it empty for SQLite",
        );
    }
    let postgres = config.uses_postgres();
    if database.owner_url.expose().is_some() && !postgres {
        problems.add("database.owner_url", "is for PostgreSQL alone: leave it empty with SQLite");
    } else if matches!(scheme(&database.owner_url), Some(scheme) if !scheme.starts_with("postgres")) {
        problems.add("database.owner_url", "is no postgres://… address");
    }
    if !known(scheme(&config.queue.url)) {
        problems.add("queue.url", "is neither postgres://… nor sqlite://…: give one of them, or leave it empty");
    } else if postgres && scheme(&config.queue.url) == Some("sqlite") {
        problems.add(
            "queue.url",
            "is SQLite while the database is PostgreSQL: leave it empty, so that all processes share it",
        );
    }
    problems.range("database.max_connections", database.max_connections, 2, 1_000);
}

fn lake(config: &Config, problems: &mut Problems) {
    let lake = &config.lake;
    match lake.url.split(':').next().unwrap_or_default() {
        "" | "file" => {}
        "s3" => {
            let s3 = &lake.s3;
            if s3.region.is_empty() && s3.endpoint.is_empty() {
                problems.add("lake.s3.region", "is empty: name the region of the bucket");
            }
            if s3.secret_access_key.is_given() && !s3.secret_access_key_file.is_empty() {
                problems
                    .add("lake.s3.secret_access_key_file", "is given beside secret_access_key: give one of the two");
            }
            if s3.endpoint.starts_with("http://") && !s3.allow_http {
                problems.add("lake.s3.endpoint", "has no TLS: give https://, or set lake.s3.allow_http = true");
            }
        }
        _ => problems
            .add("lake.url", "is neither file:///path nor s3://bucket/prefix: give one of them, or leave it empty"),
    }
    if lake.memory.bytes() < 64 << 20 {
        problems.add("lake.memory", format!("{} is too little: give at least 64MiB", lake.memory));
    }
    problems.range("lake.threads", lake.threads, 0, 1_024);
}

fn auth(config: &Config, problems: &mut Problems) {
    let auth = &config.auth;
    if let Some(secret) = auth.jwt_secret.expose() {
        if !auth.jwt_secret_file.is_empty() {
            problems.add("auth.jwt_secret_file", "is given beside jwt_secret: give one of the two");
        }
        if secret.chars().count() < SECRET_CHARACTERS {
            problems.add(
                "auth.jwt_secret",
                format!("is too short: give at least {SECRET_CHARACTERS} random characters, e.g. from `openssl rand -hex 32`"),
            );
        }
    }
    if auth.secrets_key.is_given() && !auth.secrets_key_file.is_empty() {
        problems.add("auth.secrets_key_file", "is given beside secrets_key: give one of the two");
    }
    if let Some(keys) = auth.secrets_key.expose()
        && keys.split_whitespace().any(|key| key.chars().count() < SECRET_CHARACTERS)
    {
        problems.add(
            "auth.secrets_key",
            format!("has a key that is too short: give at least {SECRET_CHARACTERS} random characters, e.g. from `openssl rand -hex 32`"),
        );
    }
    problems.range("auth.access_token_minutes", auth.access_token_minutes, 1, 24 * 60);
    problems.range("auth.refresh_token_days", auth.refresh_token_days, 1, 366);
    problems.range("auth.password_concurrency", auth.password_concurrency, 1, 64);
}

fn meta(config: &Config, problems: &mut Problems) {
    let meta = &config.meta;
    if meta.app_secrets.is_given() && !meta.app_secrets_file.is_empty() {
        problems.add("meta.app_secrets_file", "is given beside app_secrets: give one of the two");
    }
    if meta.body.bytes() < 1 << 10 || meta.body.bytes() > 16 << 20 {
        problems.add("meta.body", format!("{} is out of range: give 1KiB to 16MiB", meta.body));
    }
    problems.range("meta.keep_days", meta.keep_days, 1, 366);
    problems.range("meta.collect_seconds", meta.collect_seconds, 1, 600);
    let unknown = |word: &&String| app::Settings::TEMPLATE_TICKETS.iter().all(|kind| kind.as_str() != word.as_str());
    for word in meta.template_tickets.iter().filter(unknown) {
        let kinds = app::Settings::TEMPLATE_TICKETS.map(TicketKind::as_str).join(", ");
        problems.add("meta.template_tickets", format!("{word:?} is none of {kinds}"));
    }
}

fn graphql(config: &Config, problems: &mut Problems) {
    let graphql = &config.graphql;
    problems.range("graphql.tokens", graphql.tokens, 100, 100_000);
    problems.range("graphql.nesting", graphql.nesting, 10, 64);
    problems.range("graphql.operations", graphql.operations, 1, 100);
    problems.range("graphql.fragments", graphql.fragments, 0, 500);
    problems.range("graphql.directives", graphql.directives, 0, 1_000);
    problems.range("graphql.depth", graphql.depth, 4, 30);
    problems.range("graphql.introspection_depth", graphql.introspection_depth, 4, 30);
    problems.range("graphql.fields", graphql.fields, 10, 10_000);
    problems.range("graphql.aliases", graphql.aliases, 0, 10_000);
    problems.range("graphql.root_fields", graphql.root_fields, 1, 1_000);
    problems.range("graphql.root_mutations", graphql.root_mutations, 1, 100);
    problems.range("graphql.variables", graphql.variables, 0, 1_000);
    problems.range("graphql.cost", graphql.cost, 10, 1_000_000);
    problems.range("graphql.cost_burst", graphql.cost_burst, 0, 1_000_000_000);
    problems.range("graphql.cost_per_second", graphql.cost_per_second, 1, 1_000_000);
    problems.range("graphql.errors", graphql.errors, 1, 100);
    problems.range("graphql.error_characters", graphql.error_characters, 40, 2_000);
    problems.range("graphql.sockets", graphql.sockets, 0, 100_000);
    problems.range("graphql.socket_operations", graphql.socket_operations, 1, 1_000);
    if graphql.cost_burst != 0 && graphql.cost_burst < graphql.cost {
        problems.add("graphql.cost_burst", format!("is less than graphql.cost: give at least {}, or 0", graphql.cost));
    }
    let rules = [graphql.people_documents, graphql.program_documents];
    if rules.contains(&DocumentRule::Trusted) && graphql.trusted_documents.is_empty() {
        problems.add("graphql.trusted_documents", "is empty, while some may send trusted documents alone: name them");
    }
}

fn mail(config: &Config, problems: &mut Problems) {
    let mail = &config.mail;
    if User::normal_email(&mail.from).as_deref() != Some(mail.from.as_str()) {
        problems.add("mail.from", "is no address of mail in lower case: give one such as sblocco@bsp.example");
    }
    let reply = &mail.reply_address;
    if !reply.is_empty() && (User::normal_email(reply).as_ref() != Some(reply) || reply.contains('+')) {
        problems.add(
            "mail.reply_address",
            "is no address of mail in lower case without a `+`: give one, or leave it empty",
        );
    }
    if mail.sender.trim().is_empty() {
        problems.add("mail.sender", "is empty: give the name by which people know the sender");
    }
    if !mail.portal_url.is_empty() {
        match Url::parse(&mail.portal_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.query().is_none() => {}
            _ => problems.add("mail.portal_url", "is no web address: give https://host, or leave it empty"),
        }
    }
    if mail.transport == MailTransport::Smtp && mail.smtp.host.trim().is_empty() {
        problems.add("mail.smtp.host", "is empty: name the mail server, or set mail.transport = \"file\"");
    }
    if mail.smtp.password.is_given() && !mail.smtp.password_file.is_empty() {
        problems.add("mail.smtp.password_file", "is given beside password: give one of the two");
    }
    if mail.smtp.user.is_empty() && (mail.smtp.password.is_given() || !mail.smtp.password_file.is_empty()) {
        problems.add("mail.smtp.user", "is empty while there is a password: say whose it is");
    }
    problems.range("mail.smtp.port", mail.smtp.port, 1, u16::MAX);
}

fn graph(config: &Config, problems: &mut Problems) {
    let graph = &config.graph;
    match Url::parse(&graph.base_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {}
        _ => problems.add("graph.base_url", "is no web address: give https://graph.facebook.com"),
    }
    if graph.token.is_given() && !graph.token_file.is_empty() {
        problems.add("graph.token_file", "is given beside token: give one of the two");
    }
    // One question about an account takes up to 68 calls, and Meta takes 200 an hour.
    problems.range("graph.poll_minutes", graph.poll_minutes, 20, 24 * 60);
}

fn rest(config: &Config, problems: &mut Problems) {
    problems.range("worker.concurrency", config.worker.concurrency, 1, 256);
    problems.range("worker.jobs_per_client", config.worker.jobs_per_client, 1, 64);
    problems.range("worker.takeover_seconds", config.worker.takeover_seconds, 5, 3_600);
    if !config.worker.listen.is_empty() && config.worker.listen.parse::<SocketAddr>().is_err() {
        problems.add("worker.listen", "is no address: give IP and port, such as 127.0.0.1:8481, or leave it empty");
    }
    if EnvFilter::builder().parse(&config.log.level).is_err() {
        problems
            .add("log.level", "is no level: give error, warn, info, debug or trace, or a list such as info,web=debug");
    }
    if !matches!(config.language.default.as_str(), "it" | "en") {
        problems.add("language.default", "is no language of this product: give it or en");
    }
    let limits = &config.limits;
    problems.range("limits.upload_idle_seconds", limits.upload_idle_seconds, 1, 3_600);
    problems.range("limits.graphql_read_seconds", limits.graphql_read_seconds, 1, 300);
    problems.range("limits.graphql_execution_seconds", limits.graphql_execution_seconds, 1, 300);
    problems.range("limits.uploads", limits.uploads, 1, 256);
    if limits.graphql_body.bytes() < 1 << 10 || limits.graphql_body.bytes() > 16 << 20 {
        problems.add("limits.graphql_body", format!("{} is out of range: give 1KiB to 16MiB", limits.graphql_body));
    }
    if limits.upload_size.bytes() < 1 << 20 {
        problems.add("limits.upload_size", format!("{} is too little: give at least 1MiB", limits.upload_size));
    }
}
