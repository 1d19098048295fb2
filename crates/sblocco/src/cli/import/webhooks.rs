//! `sblocco import webhooks`: recorded streams of Meta's, on the way on which they would have come.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use app::{
    OpCtx, Services,
    meta_webhooks::{Consumed, Consumer, Kind, ReceiveError, insight, receive},
};
use futures::{StreamExt as _, stream};

use super::super::{admin, block_on, output};
use crate::{
    config::Config,
    failure::{Failure, io_reason},
    wiring,
};

/// Bodies that are stored at the same time, so that they share a flush to the disk.
const AT_ONCE: usize = 256;
/// How long a server that deals with the inbox itself is waited for at a time.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);

pub(super) fn run(config: &Config, files: &[PathBuf]) -> Result<ExitCode, Failure> {
    let files: Vec<(&PathBuf, File)> = files
        .iter()
        .map(|path| match File::open(path) {
            Ok(file) => Ok((path, file)),
            Err(error) => Err(Failure::usage(format!("{}: cannot be opened ({})", path.display(), io_reason(&error)))),
        })
        .collect::<Result<_, _>>()?;
    block_on(async {
        let services = wiring::services(config).await?;
        let done = replay(&services, files).await;
        wiring::close(&services).await;
        done
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn replay(services: &Arc<Services>, files: Vec<(&PathBuf, File)>) -> Result<(), Failure> {
    for (path, file) in files {
        let (stored, refused) = store(services, path, file).await?;
        output::line(format_args!("{}: {stored} webhooks stored, {refused} refused", path.display()))?;
    }
    for kind in [Kind::Notices, Kind::Traffic] {
        drain(services, kind).await?;
    }
    let known = insight(&OpCtx::system(Arc::clone(services))).await.map_err(admin::failure)?;
    for (account, changes) in known.unclaimed {
        output::notice(format_args!("the account {account} is nobody's: {changes} changes wait until a client has it"));
    }
    Ok(())
}

/// Stores the bodies of a file, one a line; how many, and how many lines are none.
async fn store(services: &Services, path: &Path, file: File) -> Result<(u64, u64), Failure> {
    let lines = BufReader::new(file).split(b'\n').enumerate();
    let mut answers = stream::iter(lines)
        .map(|(number, line)| async move {
            let line = line.map_err(|error| {
                Failure::failed(format!("{}: cannot be read ({})", path.display(), io_reason(&error)))
            })?;
            if line.trim_ascii().is_empty() {
                return Ok(None);
            }
            match receive(services, line).await {
                Ok(()) => Ok(Some(true)),
                Err(ReceiveError::Unreadable(error)) => {
                    output::notice(format_args!("{}: line {}: {error}", path.display(), number + 1));
                    Ok(Some(false))
                }
                Err(error) => Err(Failure::failed(error)),
            }
        })
        .buffered(AT_ONCE);
    let (mut stored, mut refused) = (0, 0);
    while let Some(answer) = answers.next().await {
        match answer? {
            Some(true) => stored += 1,
            Some(false) => refused += 1,
            None => {}
        }
    }
    Ok((stored, refused))
}

/// Deals with all that lies in the inbox, unless a server does.
async fn drain(services: &Arc<Services>, kind: Kind) -> Result<(), Failure> {
    let mut consumer = Consumer::new(kind, &format!("import {:032x}", services.random.number()));
    loop {
        let op = OpCtx::system(Arc::clone(services));
        match consumer.step(&op).await.map_err(admin::failure)? {
            Consumed::Some { .. } => {}
            Consumed::Nothing => return consumer.release(services).await.map_err(Failure::failed),
            Consumed::Elsewhere => {
                let known = insight(&op).await.map_err(admin::failure)?;
                if known.waiting(kind) == 0 {
                    return Ok(());
                }
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }
}
