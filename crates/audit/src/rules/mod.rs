//! The rules: from tallied figures to states and findings. One file a rule; consent rules share their shape.

mod case;
mod con_01;
mod con_02;
mod con_03;
mod con_04;
mod con_07;
mod consent;
mod eng_02;
mod lim_01;
mod lst_01;
mod lst_02;
mod lst_05;
mod tpl_01;
mod vol_01;
mod vol_04;
mod vol_05;
mod win_01;

use domain::traffic::{Finding, Profile, RULES, RuleId, RuleResult, RuleState};

pub(crate) use case::Case;
use case::{Draft, Judgement};

/// Microseconds for which Meta may deliver webhooks late.
const LATE: i64 = 7 * crate::tally::DAY;

/// What a rule needs beside messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// Inbound messages: the rule depends on the window, or on who wrote.
    Inbound,
    /// Inbound messages and the ledger: only sends outside of the window are due.
    InboundAndConsents,
}

/// Judges one rule.
type Judge = fn(&Case<'_>) -> Judgement;

/// The judge of a rule, and what it needs.
fn judge_of(rule: RuleId) -> Option<(Needs, Judge)> {
    Some(match rule {
        RuleId::Con01 => (Needs::InboundAndConsents, con_01::judge),
        RuleId::Con02 => (Needs::InboundAndConsents, con_02::judge),
        RuleId::Con03 => (Needs::InboundAndConsents, con_03::judge),
        RuleId::Con04 => (Needs::InboundAndConsents, con_04::judge),
        RuleId::Con07 => (Needs::InboundAndConsents, con_07::judge),
        RuleId::Tpl01 => (Needs::Nothing, tpl_01::judge),
        RuleId::Vol01 => (Needs::Inbound, vol_01::judge),
        RuleId::Vol04 => (Needs::Nothing, vol_04::judge),
        RuleId::Vol05 => (Needs::Nothing, vol_05::judge),
        RuleId::Win01 => (Needs::Inbound, win_01::judge),
        RuleId::Lim01 => (Needs::Inbound, lim_01::judge),
        RuleId::Eng02 => (Needs::Inbound, eng_02::judge),
        RuleId::Lst01 => (Needs::Inbound, lst_01::judge),
        RuleId::Lst02 => (Needs::Nothing, lst_02::judge),
        RuleId::Lst05 => (Needs::Inbound, lst_05::judge),
        _ => return None,
    })
}

/// Evaluates the rules of the profile: their states by id, and their findings, worst first.
pub(crate) fn evaluate(case: &Case<'_>) -> (Vec<RuleResult>, Vec<Finding>) {
    let provisional = match (case.inputs.as_of, case.tally.period_to()) {
        (Some(now), Some(to)) => now.saturating_sub(to) < LATE,
        _ => true,
    };
    let (mut results, mut findings) = (Vec::new(), Vec::new());
    for spec in RULES.iter().filter(|spec| case.profile == Profile::Full || spec.in_minimum) {
        let Some((needs, judge)) = judge_of(spec.id) else { continue };
        let judgement = if !case.is_fed(needs) {
            Judgement::NotFed
        } else if case.tally.messages.messages == 0 {
            Judgement::Insufficient
        } else {
            judge(case)
        };
        let state = match judgement {
            Judgement::NotFed => RuleState::NotFed,
            Judgement::Insufficient => RuleState::InsufficientData,
            Judgement::Judged(drafts) if drafts.is_empty() => RuleState::Clear,
            Judgement::Judged(drafts) => {
                findings.extend(drafts.into_iter().map(|draft| draft.finding(spec.id)));
                RuleState::Finding
            }
        };
        results.push(RuleResult { rule: spec.id, state, provisional });
    }
    results.sort_by_key(|result| result.rule.as_str());
    findings.sort_by(|one, other| {
        let rank = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.rule.as_str());
        rank(one).cmp(&rank(other)).then_with(|| one.fingerprint.cmp(&other.fingerprint))
    });
    (results, findings)
}

impl Case<'_> {
    fn is_fed(&self, needs: Needs) -> bool {
        let fed = self.inputs.fed;
        fed.messages
            && match needs {
                Needs::Nothing => true,
                Needs::Inbound => fed.inbound,
                Needs::InboundAndConsents => fed.inbound && fed.consents,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_registry_has_a_judge() {
        for spec in RULES {
            assert!(judge_of(spec.id).is_some(), "{}", spec.id);
        }
        assert_eq!(RuleId::ALL.iter().filter(|rule| judge_of(**rule).is_some()).count(), RULES.len());
    }
}
