//! The configuration: compiled-in defaults, over them a TOML file, over that `SBLOCCO_…` variables. Unknown keys are refused,
//! so that a typing error never passes for a default.

mod environment;
mod secret;
mod sections;
mod size;
mod validate;

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use serde::{Deserialize, Serialize};

pub use environment::Variable;
pub use secret::{Secret, SecretUrl};
pub use sections::{
    Auth, Data, Database, DocumentRule, Graph, Graphql, Introspection, Lake, Language, Limits, Log, LogFormat, Mail,
    MailTls, MailTransport, Meta, Queue, S3, Server, Sla, Smtp, Webhooks, Worker,
};
pub use size::{ByteSize, InvalidSize};
pub use validate::{Problem, SECRET_CHARACTERS};

/// Every key with its default and what it means.
pub const DEFAULTS: &str = include_str!("config/default.toml");

/// Read when no file is named and it exists in the working folder.
pub const DEFAULT_FILE: &str = "sblocco.toml";

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[data]`
    pub data: Data,
    /// `[server]`
    pub server: Server,
    /// `[database]`
    pub database: Database,
    /// `[lake]`
    pub lake: Lake,
    /// `[queue]`
    pub queue: Queue,
    /// `[auth]`
    pub auth: Auth,
    /// `[meta]`
    pub meta: Meta,
    /// `[graph]`
    pub graph: Graph,
    /// `[worker]`
    pub worker: Worker,
    /// `[log]`
    pub log: Log,
    /// `[mail]`
    pub mail: Mail,
    /// `[webhooks]`
    pub webhooks: Webhooks,
    /// `[sla]`
    pub sla: Sla,
    /// `[language]`
    pub language: Language,
    /// `[graphql]`
    pub graphql: Graphql,
    /// `[limits]`
    pub limits: Limits,
}

/// A configuration that cannot be used. Its text is for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {reason}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// A key or value that does not fit.
    #[error("{}", .0.join("\n"))]
    Malformed(Vec<String>),
    /// Values that read well and make no sense.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Invalid(Vec<Problem>),
}

impl Config {
    /// Reads the file (`None`: [`DEFAULT_FILE`] when there is one) and `variables`, and checks the whole.
    ///
    /// # Errors
    /// [`ConfigError`]: an unreadable file, unknown keys, values that do not fit.
    pub fn load<I>(file: Option<&Path>, variables: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let text = read(file)?;
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        Self::from_parts(text.as_deref().map(|text| (path, text)), variables)
    }

    /// Like [`Config::load`], of a file that was read already.
    ///
    /// # Errors
    /// [`ConfigError`]
    pub fn from_parts<I>(file: Option<(&Path, &str)>, variables: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let malformed = |message: String| ConfigError::Malformed(vec![message]);
        let defaults: toml::Table = toml::from_str(DEFAULTS).map_err(|error| malformed(error.to_string()))?;
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some((path, text)) = file {
            // Parsed here for the line and column that the merged layers no longer know.
            toml::from_str::<toml::Table>(text)
                .map_err(|error| malformed(format!("{} is no TOML: {error}", path.display())))?;
            figment = figment.merge(Toml::string(text));
        }
        for variable in Variable::among(variables, &defaults) {
            figment = figment.merge(variable);
        }
        let config: Self = figment.extract().map_err(|errors| {
            ConfigError::Malformed(errors.into_iter().map(|error| describe(&error, file)).collect())
        })?;
        config.check()?;
        Ok(config)
    }

    /// Whether the values make sense together.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`]
    pub fn check(&self) -> Result<(), ConfigError> {
        let problems = validate::problems(self);
        if problems.is_empty() { Ok(()) } else { Err(ConfigError::Invalid(problems)) }
    }

    /// The compiled-in defaults alone.
    ///
    /// # Errors
    /// Never, as a test holds.
    pub fn defaults() -> Result<Self, ConfigError> {
        Self::from_parts(None, [])
    }

    /// Whether the database is PostgreSQL, not SQLite.
    pub fn uses_postgres(&self) -> bool {
        self.database.url.expose().is_some_and(|url| url.starts_with("postgres"))
    }

    /// The data folder.
    pub fn data_dir(&self) -> PathBuf {
        PathBuf::from(&self.data.dir)
    }

    /// Where imports and audits spill, and uploads wait.
    pub fn temp_dir(&self) -> PathBuf {
        if self.lake.temp_dir.is_empty() { self.data_dir().join("tmp") } else { PathBuf::from(&self.lake.temp_dir) }
    }

    /// Where mails go that no server takes.
    pub fn mail_dir(&self) -> PathBuf {
        if self.mail.folder.is_empty() { self.data_dir().join("mail") } else { PathBuf::from(&self.mail.folder) }
    }

    /// The file of an embedded database, or the address of a server.
    pub fn database_url(&self) -> String {
        self.database.url.expose().map_or_else(|| sqlite(&self.data_dir().join("sblocco.db")), ToOwned::to_owned)
    }

    /// The address for the role that owns the tables.
    pub fn owner_url(&self) -> String {
        self.database.owner_url.expose().map_or_else(|| self.database_url(), ToOwned::to_owned)
    }

    /// The file of the embedded queue, or the address of a server.
    pub fn queue_url(&self) -> String {
        match self.queue.url.expose() {
            Some(url) => url.to_owned(),
            None if self.uses_postgres() => self.database_url(),
            None => sqlite(&self.data_dir().join("queue.db")),
        }
    }

    /// PostgreSQL: the role that `serve` and `worker` use; `None` with SQLite.
    pub fn runtime_role(&self) -> Option<String> {
        if !self.uses_postgres() {
            return None;
        }
        if !self.database.runtime_role.is_empty() {
            return Some(self.database.runtime_role.clone());
        }
        let url = url::Url::parse(self.database.url.expose()?).ok()?;
        (!url.username().is_empty()).then(|| url.username().to_owned())
    }

    /// PostgreSQL: the password of that role, with which `migrate` makes it where it is missing.
    pub fn runtime_password(&self) -> Option<String> {
        let url = url::Url::parse(self.database.url.expose()?).ok()?;
        let encoded = url.password()?;
        // One pair whose value is the password: the same encoding as in an address.
        let pair = format!("p={}", encoded.replace('+', "%2B"));
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, password)| password.into_owned())
    }

    /// Threads of imports and audits.
    pub fn lake_threads(&self) -> usize {
        match self.lake.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads as usize,
        }
    }

    /// The configuration as TOML, secrets masked.
    ///
    /// # Errors
    /// Never, as a test holds: every section can be written as TOML.
    pub fn shown(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

fn sqlite(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

fn read(file: Option<&Path>) -> Result<Option<String>, ConfigError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound && file.is_none() => Ok(None),
        Err(error) => {
            Err(ConfigError::Unreadable { path: path.display().to_string(), reason: crate::failure::io_reason(&error) })
        }
    }
}

fn describe(error: &figment::Error, file: Option<(&Path, &str)>) -> String {
    let source = match (&error.metadata, file) {
        (Some(metadata), _) if metadata.name.starts_with("the environment variable") => metadata.name.to_string(),
        (_, Some((path, _))) => path.display().to_string(),
        _ => "the configuration".to_owned(),
    };
    let hint = if source.starts_with("the environment variable") {
        "; two underscores part a section from its key, as in SBLOCCO_DATA__DIR"
    } else {
        ""
    };
    let mut path = error.path.clone();
    match &error.kind {
        figment::error::Kind::UnknownField(field, expected) => {
            if path.last() != Some(field) {
                path.push(field.clone());
            }
            format!("{}: there is no such key (in {source}); known here: {}{hint}", path.join("."), expected.join(", "))
        }
        figment::error::Kind::InvalidType(_, wanted) if wanted.starts_with("struct ") => {
            format!("{}: this is a section and has no value of its own (in {source}){hint}", path.join("."))
        }
        // A value could be a secret: the kinds below say what was wanted, not what stood there.
        figment::error::Kind::InvalidType(_, wanted) | figment::error::Kind::InvalidValue(_, wanted) => {
            format!("{}: the value does not fit (in {source}): give {wanted}", path.join("."))
        }
        kind => format!("{}: {kind} (in {source})", path.join(".")),
    }
}

/// The variables of this process that are valid text; the others cannot be ours.
pub fn process_variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests;
