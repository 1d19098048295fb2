//! `sblocco doctor`: looks at everything that a server needs, changes nothing, and says what to do.

use std::{path::Path, process::ExitCode, sync::Arc, time::UNIX_EPOCH};

use app::vault::{Sealing, Vault};
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use domain::{
    access::Visibility,
    ports::{Clock as _, Lake as _},
};

use super::{Invocation, block_on, output};
use crate::{
    config::{ByteSize, Config, MailTransport},
    failure::{Failure, io_reason},
    secrets,
    system::{OsRandom, SystemClock},
    wiring,
};

/// Things not understood that are told.
const ODDITIES: u64 = 10;

/// Least free space of a healthy disk.
const SPACE: ByteSize = ByteSize::of(1 << 30);

/// No machine that runs this release has an earlier clock: 2026-01-01.
const RELEASED: i64 = 1_767_225_600;

/// Seconds by which the clocks of machine and file system may differ.
const DRIFT: i64 = 60;

/// What was looked at, and what is wrong with it or good to know.
struct Finding {
    what: &'static str,
    good: bool,
    text: String,
}

pub(super) fn run(invocation: &Invocation) -> Result<ExitCode, Failure> {
    let findings = match invocation.config() {
        Ok(config) => block_on(async { Ok(examine(&config).await) })?,
        Err(failure) => vec![Finding { what: "configuration", good: false, text: failure.to_string() }],
    };
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    for finding in &findings {
        table.add_row([finding.what, if finding.good { "ok" } else { "WRONG" }, &finding.text]);
    }
    output::line(table)?;
    Ok(if findings.iter().all(|finding| finding.good) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding { what: "configuration", good: true, text: "valid".to_owned() }];
    let folder = config.data_dir();
    if folder.exists() {
        let can = format!("{} can be written", folder.display());
        findings.push(of("data folder", wiring::writable(&folder), &can));
        findings.push(space("disk of the data folder", &folder));
    } else {
        let text = format!("{} does not exist yet: `sblocco serve` or `sblocco migrate` makes it", folder.display());
        findings.push(Finding { what: "data folder", good: false, text });
    }
    if config.temp_dir().is_dir() {
        let can = format!("{} can be written", config.temp_dir().display());
        findings.push(of("temporary files", wiring::writable(&config.temp_dir()), &can));
        findings.push(space("disk of temporary files", &config.temp_dir()));
    }
    findings.push(clock(&folder));
    // What lies in a folder that is not there need not be looked for, and is not made by looking.
    if folder.exists() || config.uses_postgres() {
        let database = async { wiring::open_store(config).await?.close().await.map_err(Failure::failed) };
        findings.push(of("database", database.await, "reachable, up to date, and its role is safe"));
        let queue = async { jobs::check(&wiring::queue_address(config)?).await.map_err(Failure::failed) };
        findings.push(of("queue", queue.await, "reachable, with its tables"));
    }
    if folder.exists() || config.uses_postgres() {
        findings.extend(webhooks(config).await);
        findings.extend(sealing(config).await);
    }
    if folder.exists() || !config.lake.url.is_empty() {
        let lake = async {
            let lake = wiring::open_lake(config, Arc::new(SystemClock), Arc::new(OsRandom))?;
            lake.check().await.map_err(Failure::failed)
        };
        findings.push(of("lake", lake.await, "can be read and written"));
    }
    // Where mails become files, the folder is made with the first one.
    if folder.exists() || config.mail.transport == MailTransport::Smtp {
        let mail = async { wiring::mail_transport(config)?.check().await.map_err(Failure::failed) };
        let good = match config.mail.transport {
            MailTransport::File => "mails become files in the folder of mails; nobody is reached",
            MailTransport::Smtp => "the mail server answers",
        };
        findings.push(of("mail", mail.await, good));
    }
    findings
}

/// What of webhooks nobody claims or understands; nothing where the database is not there, which is told already.
async fn webhooks(config: &Config) -> Option<Finding> {
    const WHAT: &str = "webhooks";
    let store = wiring::open_store(config).await.ok()?;
    let look = async {
        let tx = store.read(&Visibility::System).await?;
        let unclaimed = store::webhooks::unclaimed_accounts(&tx).await?;
        let unplaced = store::webhook_unplaced::count(&tx).await?;
        let oddities = store::webhooks::oddities(&tx, ODDITIES).await?;
        tx.rollback().await?;
        Ok::<_, store::StoreError>((unclaimed, unplaced, oddities))
    };
    let found = look.await;
    let closed = store.close().await;
    let (unclaimed, unplaced, oddities) = match found.and_then(|found| closed.map(|()| found)) {
        Ok(found) => found,
        Err(error) => return Some(Finding { what: WHAT, good: false, text: error.to_string() }),
    };
    let mut lines: Vec<String> = Vec::new();
    for (account, changes) in unclaimed {
        lines.push(format!(
            "account {account} is nobody's, {changes} changes wait: record it with the client whose it is"
        ));
    }
    if unplaced > 0 {
        lines.push(format!("{unplaced} statuses do not say to whom: they wait for the send log of their messages"));
    }
    for odd in oddities {
        let what = odd.what;
        lines.push(format!("not understood: {} {} {} ({} times)", what.kind, what.place, what.word, odd.count));
    }
    let text = if lines.is_empty() { "all understood, all claimed".to_owned() } else { lines.join("\n") };
    // Good to know, and nothing that keeps a server from working.
    Some(Finding { what: WHAT, good: true, text })
}

/// How the secrets of the database are sealed; nothing where the database is not there, which is told already.
async fn sealing(config: &Config) -> Option<Finding> {
    const WHAT: &str = "secrets";
    let wrong = |text: String| Some(Finding { what: WHAT, good: false, text });
    let Some(keys) = secrets::known_vault_keys(config).transpose() else {
        return Some(Finding { what: WHAT, good: true, text: "their key is made with the first start".to_owned() });
    };
    let vault = match keys.and_then(|keys| Vault::new(keys).map_err(|error| Failure::failed(error.detail))) {
        Ok(vault) => vault,
        Err(failure) => return wrong(failure.to_string()),
    };
    let store = wiring::open_store(config).await.ok()?;
    let look = async {
        let tx = store.read(&Visibility::System).await?;
        app::vault::examine(&tx, &vault).await
    };
    let found = look.await;
    let closed = store.close().await;
    match found.and_then(|found| closed.map(|()| found)) {
        Ok(Sealing { current, old: 0, unreadable: 0 }) => {
            Some(Finding { what: WHAT, good: true, text: format!("{current} sealed with the present key") })
        }
        Ok(Sealing { current, old, unreadable: 0 }) => Some(Finding {
            what: WHAT,
            good: true,
            text: format!(
                "{current} sealed with the present key, {old} not yet: the next start of `serve` or `worker` seals them; keep \
                 the keys before until then"
            ),
        }),
        Ok(Sealing { unreadable, .. }) => wrong(format!(
            "{unreadable} cannot be read: add the key with which they are sealed to auth.secrets_key; people set up their second \
             factor anew, and endpoints get another secret, where it is lost"
        )),
        Err(error) => wrong(error.to_string()),
    }
}

fn of(what: &'static str, result: Result<(), Failure>, good: &str) -> Finding {
    match result {
        Ok(()) => Finding { what, good: true, text: good.to_owned() },
        Err(failure) => Finding { what, good: false, text: failure.to_string() },
    }
}

fn clock(folder: &Path) -> Finding {
    let now = SystemClock.now();
    let wrong = |text: String| Finding { what: "clock", good: false, text };
    if now.timestamp() < RELEASED {
        return wrong(format!("it is {now}, which is before this release was made: set the clock"));
    }
    let written = || {
        let modified = tempfile::tempfile_in(folder).ok()?.metadata().ok()?.modified().ok()?;
        i64::try_from(modified.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
    };
    match written().map(|written| (written - now.timestamp()).abs()) {
        Some(drift) if drift > DRIFT => wrong(format!(
            "it differs from that of the data folder's file system by {drift} s: let both follow the same time server"
        )),
        _ => Finding { what: "clock", good: true, text: now.format("%Y-%m-%d %H:%M:%S UTC").to_string() },
    }
}

fn space(what: &'static str, folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let text = format!("{} MiB free", free >> 20);
            if free < SPACE.bytes() {
                return Finding { what, good: false, text: format!("{text}: make room, at least {SPACE}") };
            }
            Finding { what, good: true, text }
        }
        Err(error) => Finding { what, good: false, text: io_reason(&error.into()) },
    }
}
