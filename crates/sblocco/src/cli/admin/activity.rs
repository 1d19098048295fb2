//! `sblocco admin verify-activity`, `sblocco admin verify-ledger`.

use app::{
    OpCtx,
    activity::{self, Expected, Verified},
};
use clap::Args;

use super::failure;
use crate::{cli::output, failure::Failure};

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    /// A head that an earlier run or `activityHead` gave, and that was kept elsewhere: LOG@SIZE=ROOT; several times.
    #[arg(long, value_name = "LOG@SIZE=ROOT", value_parser = expected)]
    expect: Vec<Expected>,
}

fn expected(text: &str) -> Result<Expected, String> {
    let read = || {
        let (log, rest) = text.rsplit_once('@')?;
        let (size, root) = rest.split_once('=')?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(root, &mut bytes).ok()?;
        Some(Expected { log: log.to_owned(), size: size.parse().ok()?, root: bytes })
    };
    read().ok_or_else(|| "write it as it was printed: activity/bsp@12=64 hexadecimal digits".to_owned())
}

/// The heads of all logs; a failure that names what was changed, if anything was.
pub(super) async fn verify(op: &OpCtx, args: VerifyArgs) -> Result<String, Failure> {
    told("activity log", activity::verify(op, &args.expect).await.map_err(failure)?)
}

/// The same of the consent ledgers.
pub(super) async fn verify_ledger(op: &OpCtx, args: VerifyArgs) -> Result<String, Failure> {
    told("consent ledger", app::ledger::verify(op, &args.expect).await.map_err(failure)?)
}

fn told(what: &str, found: Verified) -> Result<String, Failure> {
    if !found.faults.is_empty() {
        let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
        return Err(Failure::failed(format!("the {what} was changed:\n{}", faults.join("\n"))));
    }
    output::notice(format_args!("{} entries of {} logs are as they were sealed", found.entries, found.heads.len()));
    let heads: Vec<String> =
        found.heads.iter().map(|(log, head)| format!("{log}@{}={}", head.size, hex::encode(head.root))).collect();
    Ok(heads.join("\n"))
}
