//! From the configuration to the parts of the product. The only place where their constructors meet.

use std::{fs::DirBuilder, io, num::NonZero, path::Path, sync::Arc, time::Duration};

use app::{
    OpCtx, Services, Settings,
    accounts::{PasswordHasher, TokenSigner, TokenUses},
    jobs::{Signal, Timing},
    notifications::{MailKey, Mailer},
    tickets::TicketFeed,
    vault::Vault,
};
use domain::ports::{Clock, Random};
use hooks::{Allowed, HttpSender};
use jobs::{QueueAddress, WorkerConfig};
use lake::{Lake, LakeOptions, Location};
use store::{Address, RuntimeRole, Store, StoreConfig, Target};

use crate::{
    config::{Auth, Config, MailTls, MailTransport},
    failure::{Failure, io_failure},
    secrets,
    system::{OsRandom, SystemClock},
};

/// Seconds by which jobs are given back before the process is cut.
const BEFORE_THE_CUT: u64 = 7;

/// How long open transactions may keep the end of the process.
const CLOSING: Duration = Duration::from_secs(5);

/// Heartbeats of a job in the time after which its worker counts as gone.
const HEARTBEATS: u32 = 12;

/// Makes the folders that the configuration names, and sees that they can be written.
pub fn folders(config: &Config) -> Result<(), Failure> {
    for folder in [config.data_dir(), config.temp_dir()] {
        writable(&folder)?;
    }
    Ok(())
}

/// Makes `folder` when it is missing, for its owner alone (it will hold personal data), and sees that it can be written.
pub fn writable(folder: &Path) -> Result<(), Failure> {
    make(folder).map_err(|error| io_failure("make the folder", folder, &error))?;
    tempfile::tempfile_in(folder).map(drop).map_err(|error| io_failure("write into the folder", folder, &error))
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// Brings database and queue up to date, as their owner; returns what was applied to the database.
pub async fn migrate(config: &Config) -> Result<Vec<String>, Failure> {
    let address = Address::parse(&config.owner_url()).map_err(Failure::usage)?;
    for address in [&config.owner_url(), &config.queue_url()] {
        if let Ok(Address::Sqlite(path)) = Address::parse(address)
            && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        {
            writable(folder)?;
        }
    }
    let role = match config.runtime_role() {
        Some(name) => Some(
            RuntimeRole::new(name, config.runtime_password())
                .map_err(|error| Failure::usage(format!("database.runtime_role: {error}")))?,
        ),
        None => None,
    };
    let applied = store::migrate(&Target { address, runtime_role: role }).await.map_err(Failure::failed)?;
    let queue = if config.queue.url.expose().is_none() && config.uses_postgres() {
        QueueAddress::Postgres(config.owner_url())
    } else {
        queue_address(config)?
    };
    jobs::setup(&queue, config.runtime_role().as_deref()).await.map_err(Failure::failed)?;
    Ok(applied)
}

/// Where the queue is.
pub fn queue_address(config: &Config) -> Result<QueueAddress, Failure> {
    match Address::parse(&config.queue_url()).map_err(|error| Failure::usage(format!("queue.url: {error}")))? {
        Address::Sqlite(path) => Ok(QueueAddress::Sqlite(path)),
        Address::Postgres(url) => Ok(QueueAddress::Postgres(url)),
    }
}

/// How jobs are worked on.
pub fn worker_config(config: &Config) -> Result<WorkerConfig, Failure> {
    let usual = WorkerConfig::new(queue_address(config)?, config.worker.concurrency as usize);
    let takeover = Duration::from_secs(config.worker.takeover_seconds);
    Ok(WorkerConfig {
        grace: Duration::from_secs(config.server.shutdown_grace_seconds.saturating_sub(BEFORE_THE_CUT)),
        // A busy machine may miss some heartbeats, and silence is noticed soon after its time.
        timing: Timing { heartbeat: takeover / HEARTBEATS, stale_after: takeover, ..usual.timing },
        sweep_every: (takeover / 4).min(usual.sweep_every),
        ..usual
    })
}

/// The database, as the program uses it.
pub async fn open_store(config: &Config) -> Result<Store, Failure> {
    let settings = StoreConfig {
        max_connections: config.database.max_connections,
        answer_timeout: Some(Duration::from_secs(config.limits.graphql_execution_seconds)),
        ..StoreConfig::new(config.database_url())
    };
    Store::connect(&settings).await.map_err(Failure::failed)
}

/// Closes the database. Whatever still has a transaction open was given up and is not waited for: it rolls back by itself.
pub async fn close(services: &Services) {
    match tokio::time::timeout(CLOSING, services.store.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(error = %error, "the database was not closed well"),
        Err(_) => tracing::warn!("the database was left with a transaction open"),
    }
}

/// The lake, for one worker's share of memory at a time.
pub fn open_lake(config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Lake, Failure> {
    let folder = config.data_dir().join("lake").display().to_string();
    let url = if config.lake.url.is_empty() { folder } else { config.lake.url.clone() };
    let location =
        Location::parse(&url, s3_options(config)?).map_err(|error| Failure::usage(format!("lake.url: {error}")))?;
    let options = LakeOptions {
        memory: usize::try_from(config.lake.memory.bytes() / u64::from(config.worker.concurrency.max(1))).ok(),
        threads: NonZero::new(config.lake_threads()),
        temporary: Some(config.temp_dir()),
    };
    Lake::open(&location, options, clock, random).map_err(|error| Failure::usage(format!("lake.url: {error}")))
}

fn s3_options(config: &Config) -> Result<Vec<(String, String)>, Failure> {
    let s3 = &config.lake.s3;
    let given = [
        ("aws_endpoint", Some(s3.endpoint.clone())),
        ("aws_region", Some(s3.region.clone())),
        ("aws_access_key_id", Some(s3.access_key_id.clone())),
        ("aws_secret_access_key", secrets::s3_secret(config)?),
        ("aws_allow_http", s3.allow_http.then(|| "true".to_owned())),
    ];
    Ok(given
        .into_iter()
        .filter_map(|(option, value)| Some((option.to_owned(), value.filter(|value| !value.is_empty())?)))
        .collect())
}

/// What takes mails.
pub fn mail_transport(config: &Config) -> Result<Arc<dyn mail::Transport>, Failure> {
    let (section, smtp) = (&config.mail, &config.mail.smtp);
    Ok(match section.transport {
        MailTransport::File => Arc::new(mail::FileTransport::new(config.mail_dir())),
        MailTransport::Smtp => {
            let password = secrets::smtp_password(config)?.unwrap_or_default();
            let server = mail::Server {
                host: smtp.host.clone(),
                port: smtp.port,
                tls: match smtp.tls {
                    MailTls::Starttls => mail::Tls::StartTls,
                    MailTls::Implicit => mail::Tls::Implicit,
                    MailTls::None => mail::Tls::None,
                },
                credentials: (!smtp.user.is_empty()).then(|| (smtp.user.clone(), password)),
                hello: section.from.rsplit_once('@').map_or("localhost", |(_, host)| host).to_owned(),
            };
            Arc::new(mail::SmtpTransport::new(&server).map_err(Failure::failed)?)
        }
    })
}

/// What takes mails, and as whom they are written; `secret` is the deployment's.
pub fn mailer(config: &Config, secret: &[u8]) -> Result<Mailer, Failure> {
    let section = &config.mail;
    let portal = section.portal_url.trim_end_matches('/');
    let server = config.server.public_url.trim_end_matches('/');
    Ok(Mailer {
        transport: mail_transport(config)?,
        site: mail::Site { sender: section.sender.clone(), portal: (!portal.is_empty()).then(|| portal.to_owned()) },
        from: section.from.clone(),
        zone: jiff::tz::TimeZone::get(&config.sla.time_zone).unwrap_or(jiff::tz::TimeZone::UTC),
        key: MailKey::of(secret),
        server: (!server.is_empty()).then(|| server.to_owned()),
        reply: (!section.reply_address.is_empty()).then(|| section.reply_address.clone()),
    })
}

/// All parts. An embedded database is brought up to date first; a PostgreSQL server's only by `sblocco migrate`.
pub async fn services(config: &Config) -> Result<Arc<Services>, Failure> {
    folders(config)?;
    if !config.uses_postgres() {
        for name in migrate(config).await? {
            tracing::info!(migration = name, "applied");
        }
    }
    let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(OsRandom));
    let secret = secrets::jwt_secret(config, &*random)?;
    let vault = vault(config, &*random)?;
    let auth = &config.auth;
    let services = Arc::new(Services {
        store: open_store(config).await?,
        lake: Arc::new(open_lake(config, Arc::clone(&clock), Arc::clone(&random))?),
        passwords: passwords(auth, &*random)?,
        tokens: TokenSigner::new(&secret).map_err(Failure::failed)?,
        mailer: mailer(config, &secret)?,
        webhooks: Arc::new(
            HttpSender::new(if config.webhooks.allow_loopback { Allowed::Loopback } else { Allowed::Public })
                .map_err(Failure::failed)?,
        ),
        settings: Settings {
            access_token_seconds: auth.access_token_minutes * 60,
            refresh_token_seconds: auth.refresh_token_days * 24 * 3_600,
            jobs_per_client: config.worker.jobs_per_client,
            staff_second_factor: auth.staff_second_factor,
            template_tickets: config.meta.template_tickets(),
        },
        clock,
        random,
        job_signal: Signal::default(),
        token_uses: TokenUses::default(),
        vault,
        ticket_feed: TicketFeed::default(),
        promises: app::sla::Remembered::default(),
    });
    // Tickets are judged by the terms of their opening: there must be some before the first.
    app::sla::ensure_defaults(&OpCtx::system(Arc::clone(&services)), &config.sla.time_zone)
        .await
        .map_err(Failure::failed)?;
    // What a release before this one left open, and what is sealed with a key that is to go.
    let sealed = app::vault::reseal(&OpCtx::system(Arc::clone(&services))).await.map_err(Failure::failed)?;
    if sealed > 0 {
        tracing::info!(secrets = sealed, "sealed with the present key");
    }
    Ok(services)
}

/// What seals the secrets that are kept.
pub fn vault(config: &Config, random: &dyn Random) -> Result<Vault, Failure> {
    Vault::new(secrets::vault_keys(config, random)?).map_err(|error| Failure::failed(error.detail))
}

fn passwords(auth: &Auth, random: &dyn Random) -> Result<PasswordHasher, Failure> {
    let hasher = PasswordHasher::new(auth.password_concurrency as usize, random).map_err(Failure::failed)?;
    if auth.breached_passwords_file.is_empty() {
        return Ok(hasher);
    }
    let path = Path::new(&auth.breached_passwords_file);
    if !path.is_file() {
        let path = path.display();
        return Err(Failure::usage(format!(
            "auth.breached_passwords_file: {path} is no file: correct it, or leave it empty"
        )));
    }
    Ok(hasher.with_breached(path))
}
