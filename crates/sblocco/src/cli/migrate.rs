//! `sblocco migrate`.

use std::process::ExitCode;

use store::{Address, RuntimeRole, Target};

use super::{Invocation, output};
use crate::{
    config::Config,
    failure::{Failure, io_failure},
};

pub(super) fn run(invocation: &Invocation) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    let applied = super::block_on(migrate(&config))?;
    if applied.is_empty() {
        output::line("The database is up to date.")?;
    }
    for name in applied {
        output::line(format_args!("applied {name}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Brings the database up to date, as its owner; makes the data folder of an embedded one.
pub(super) async fn migrate(config: &Config) -> Result<Vec<String>, Failure> {
    let address = Address::parse(&config.owner_url()).map_err(Failure::usage)?;
    if let Address::Sqlite(path) = &address
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| io_failure("make the data folder", folder, &error))?;
    }
    let runtime_role = match config.runtime_role() {
        Some(name) => Some(
            RuntimeRole::new(name, config.runtime_password())
                .map_err(|error| Failure::usage(format!("database.runtime_role: {error}")))?,
        ),
        None => None,
    };
    store::migrate(&Target { address, runtime_role }).await.map_err(|error| Failure::failed(error.to_string()))
}
