//! CON-08: opt-ins that were made in bulk: too many of one source in one moment, or from one address within ten minutes.
//!
//! It speaks of the whole ledger, of people who were not written to as well: a stamped import is a fault of the proof, whoever
//! is written to next. A person who agreed to several purposes at once counts once. Sources are told apart as the rows name
//! them; rows without a source are one.

use domain::traffic::{Count, Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any group of enough opt-ins is a finding.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (opt_ins, enough) = (&case.tally.opt_ins, case.thresholds.consent.bulk_opt_ins.max(2));
    if opt_ins.all < enough {
        return Judgement::Insufficient;
    }
    let (moment, address) = (opt_ins.at_one_moment(enough), opt_ins.at_one_address(enough));
    if moment.opt_ins == 0 && address.opt_ins == 0 {
        return Judgement::Judged(Vec::new());
    }
    let largest = if moment.largest >= address.largest { moment } else { address };
    let bulk = moment.opt_ins.max(address.opt_ins);
    let draft = Draft::new(Severity::Medium, Subject::client(), Count { messages: 0, recipients: bulk })
        .count("optIns", opt_ins.all)
        .count("atOneMoment", moment.opt_ins)
        .count("fromOneAddress", address.opt_ins)
        .count("largest", largest.largest)
        .count("largestAt", u64::try_from(largest.largest_at / 1_000_000).unwrap_or_default())
        .count("threshold", enough);
    Judgement::Judged(vec![draft])
}
