//! `sblocco mail`: takes in one mail from standard input, for a mail server on this machine.

use std::{
    io::{self, Read as _},
    process::ExitCode,
    sync::Arc,
};

use app::{
    OpCtx, OpError,
    incoming_mail::{self, MailCode},
};
use clap::Args;

use super::{Invocation, block_on, output};
use crate::{failure::Failure, wiring};

/// Largest mail: what mail servers usually take.
const LARGEST: u64 = 25 << 20;

/// Statuses of `sysexits.h`: the mail is unusable, and: offer it again later.
const DATA_ERROR: u8 = 65;
const TEMPORARY_FAILURE: u8 = 75;

#[derive(Debug, Args)]
pub(super) struct MailArgs {
    /// End as mail servers expect of a program that they hand mails to: with 75 when the mail is to be offered again, and with 65
    /// when it is unusable, instead of 1 and 2.
    #[arg(long)]
    sysexits: bool,
}

pub(super) fn run(invocation: &Invocation, args: &MailArgs) -> Result<ExitCode, Failure> {
    match take_in(invocation) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err((failure, unusable)) if args.sysexits => {
            output::error(&failure);
            Ok(ExitCode::from(if unusable { DATA_ERROR } else { TEMPORARY_FAILURE }))
        }
        Err((failure, _)) => Err(failure),
    }
}

/// Takes the mail in; of a failure, says whether the mail itself is at fault.
fn take_in(invocation: &Invocation) -> Result<(), (Failure, bool)> {
    let ours = |failure| (failure, false);
    let config = invocation.config().map_err(ours)?;
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| ours(Failure::failed("standard input cannot be read")))?;
    if bytes.len() as u64 > LARGEST {
        return Err((Failure::usage(format!("the mail is larger than {} MiB", LARGEST >> 20)), true));
    }
    let received = block_on(async {
        let services = wiring::services(&config).await?;
        let received = incoming_mail::receive(&OpCtx::system(Arc::clone(&services)), &bytes).await;
        wiring::close(&services).await;
        Ok(received)
    });
    match received.map_err(ours)? {
        Ok(received) => {
            let ticket = received.ticket().map(|ticket| format!(" {ticket}")).unwrap_or_default();
            output::line(format!("{}{ticket}", received.as_str())).map_err(ours)
        }
        Err(error) => {
            let unusable = matches!(
                &error,
                OpError::Refused(refusals) if refusals.iter().any(|refusal| refusal.code == MailCode::Unreadable)
            );
            Err((super::admin::failure(error), unusable))
        }
    }
}
