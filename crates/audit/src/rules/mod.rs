//! The rules: from tallied figures to states and findings. One file a rule; consent rules share their shape.

mod case;
mod con_01;
mod con_02;
mod con_03;
mod con_04;
mod con_05;
mod con_06;
mod con_07;
mod con_08;
mod con_09;
mod con_10;
mod consent;
mod content;
mod days;
mod enf_01;
mod enf_02;
mod enf_03;
mod enf_04;
mod enf_05;
mod eng_01;
mod eng_02;
mod eng_03;
mod lim_01;
mod lim_02;
mod lim_03;
mod lim_04;
mod lim_05;
mod lst_01;
mod lst_02;
mod lst_03;
mod lst_04;
mod lst_05;
mod lst_06;
mod lst_07;
mod ops_01;
mod qlt_01;
mod qlt_02;
mod told;
mod tpl_01;
mod tpl_02;
mod tpl_03;
mod tpl_04;
mod tpl_06;
mod tpl_09;
mod vol_01;
mod vol_03;
mod vol_04;
mod vol_05;
mod vol_07;
mod win_01;
mod win_02;
mod win_03;
mod wrm_01;
mod wrm_02;
mod wrm_03;
mod wrm_06;

use domain::traffic::{Finding, RULES, RuleId, RuleResult, RuleState};

pub(crate) use case::Case;
use case::{Draft, Judgement};
pub(crate) use content::Content;

/// Microseconds for which Meta may deliver webhooks late.
pub(crate) const LATE: i64 = 7 * crate::tally::DAY;

/// What a rule needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// What Meta told, which the rule asks for itself. It speaks of the account whether or not anything was sent.
    Events,
    /// Messages.
    Nothing,
    /// Messages and inbound messages: the rule depends on the window, or on who wrote.
    Inbound,
    /// Messages and the ledger.
    Consents,
    /// Messages, inbound messages and the ledger: only sends outside of the window are due.
    InboundAndConsents,
}

/// Judges one rule.
type Judge = fn(&Case<'_>) -> Judgement;

/// The judge of each rule, and what it needs.
const JUDGES: &[(RuleId, Needs, Judge)] = &[
    (RuleId::Con01, Needs::InboundAndConsents, con_01::judge),
    (RuleId::Con02, Needs::InboundAndConsents, con_02::judge),
    (RuleId::Con03, Needs::InboundAndConsents, con_03::judge),
    (RuleId::Con04, Needs::InboundAndConsents, con_04::judge),
    (RuleId::Con05, Needs::Nothing, con_05::judge),
    (RuleId::Con06, Needs::InboundAndConsents, con_06::judge),
    (RuleId::Con07, Needs::InboundAndConsents, con_07::judge),
    (RuleId::Con08, Needs::Consents, con_08::judge),
    (RuleId::Con09, Needs::InboundAndConsents, con_09::judge),
    (RuleId::Con10, Needs::InboundAndConsents, con_10::judge),
    (RuleId::Con11, Needs::Nothing, |case| content::judge(case, RuleId::Con11)),
    (RuleId::Tpl01, Needs::Nothing, tpl_01::judge),
    (RuleId::Tpl02, Needs::Nothing, tpl_02::judge),
    (RuleId::Tpl03, Needs::Events, tpl_03::judge),
    (RuleId::Tpl04, Needs::Events, tpl_04::judge),
    (RuleId::Tpl05, Needs::Nothing, |case| content::judge(case, RuleId::Tpl05)),
    (RuleId::Tpl06, Needs::Events, tpl_06::judge),
    (RuleId::Tpl07, Needs::Nothing, |case| content::judge(case, RuleId::Tpl07)),
    (RuleId::Tpl08, Needs::Nothing, |case| content::judge(case, RuleId::Tpl08)),
    (RuleId::Tpl09, Needs::Nothing, tpl_09::judge),
    (RuleId::Tpl10, Needs::Nothing, |case| content::judge(case, RuleId::Tpl10)),
    (RuleId::Tpl12, Needs::Nothing, |case| content::judge(case, RuleId::Tpl12)),
    (RuleId::Tpl13, Needs::Nothing, |case| content::judge(case, RuleId::Tpl13)),
    (RuleId::Win01, Needs::Inbound, win_01::judge),
    (RuleId::Win02, Needs::Inbound, win_02::judge),
    (RuleId::Win03, Needs::InboundAndConsents, win_03::judge),
    (RuleId::Vol01, Needs::Inbound, vol_01::judge),
    (RuleId::Vol03, Needs::Nothing, vol_03::judge),
    (RuleId::Vol04, Needs::Nothing, vol_04::judge),
    (RuleId::Vol05, Needs::Nothing, vol_05::judge),
    (RuleId::Vol07, Needs::Nothing, vol_07::judge),
    (RuleId::Wrm01, Needs::Inbound, wrm_01::judge),
    (RuleId::Wrm02, Needs::Inbound, wrm_02::judge),
    (RuleId::Wrm03, Needs::Inbound, wrm_03::judge),
    (RuleId::Wrm06, Needs::Inbound, wrm_06::judge),
    (RuleId::Lim01, Needs::Inbound, lim_01::judge),
    (RuleId::Lim02, Needs::Inbound, lim_02::judge),
    (RuleId::Lim03, Needs::Events, lim_03::judge),
    (RuleId::Lim04, Needs::Events, lim_04::judge),
    (RuleId::Lim05, Needs::Nothing, lim_05::judge),
    (RuleId::Eng01, Needs::Nothing, eng_01::judge),
    (RuleId::Eng02, Needs::Inbound, eng_02::judge),
    (RuleId::Eng03, Needs::Nothing, eng_03::judge),
    (RuleId::Qlt01, Needs::Events, qlt_01::judge),
    (RuleId::Enf01, Needs::Events, enf_01::judge),
    (RuleId::Enf02, Needs::Events, enf_02::judge),
    (RuleId::Enf03, Needs::Inbound, enf_03::judge),
    (RuleId::Enf04, Needs::Events, enf_04::judge),
    (RuleId::Enf05, Needs::Events, enf_05::judge),
    (RuleId::Lst01, Needs::Inbound, lst_01::judge),
    (RuleId::Lst02, Needs::Nothing, lst_02::judge),
    (RuleId::Lst03, Needs::Nothing, lst_03::judge),
    (RuleId::Lst04, Needs::Nothing, lst_04::judge),
    (RuleId::Lst05, Needs::Inbound, lst_05::judge),
    (RuleId::Lst06, Needs::Nothing, lst_06::judge),
    (RuleId::Lst07, Needs::Nothing, lst_07::judge),
    (RuleId::Pro01, Needs::Nothing, |case| content::judge(case, RuleId::Pro01)),
    (RuleId::Pro02, Needs::Nothing, |case| content::judge(case, RuleId::Pro02)),
    (RuleId::Pro03, Needs::Nothing, |case| content::judge(case, RuleId::Pro03)),
    (RuleId::Ops01, Needs::Nothing, ops_01::judge),
];

/// The judge of a rule, and what it needs.
fn judge_of(rule: RuleId) -> Option<(Needs, Judge)> {
    JUDGES.iter().find(|(id, ..)| *id == rule).map(|(_, needs, judge)| (*needs, *judge))
}

/// Whether what was sent has a say in the rule: others judge what Meta told, the ledger, or texts alone.
pub(crate) fn is_about_sends(rule: RuleId) -> bool {
    let is_told = judge_of(rule).is_some_and(|(needs, _)| needs == Needs::Events);
    !is_told && !matches!(rule, RuleId::Con05 | RuleId::Con08)
}

/// Evaluates the rules that are asked for: their states by id, and their findings, worst first.
pub(crate) fn evaluate(case: &Case<'_>) -> (Vec<RuleResult>, Vec<Finding>) {
    let provisional = match (case.inputs.as_of, case.tally.period_to()) {
        (Some(now), Some(to)) => now.saturating_sub(to) < LATE,
        _ => true,
    };
    let (mut results, mut findings) = (Vec::new(), Vec::new());
    for spec in RULES.iter().filter(|spec| case.settings.asks_for(spec.id)) {
        let Some((needs, judge)) = judge_of(spec.id) else { continue };
        let judgement = if !case.is_fed(needs) {
            Judgement::NotFed
        } else if needs != Needs::Events && case.tally.messages.messages == 0 {
            Judgement::Insufficient
        } else {
            judge(case)
        };
        let state = settle(spec.id, judgement, &mut findings);
        results.push(RuleResult { rule: spec.id, state, provisional });
    }
    if case.settings.asks_for(RuleId::Qlt02) {
        let judgement = qlt_02::judge(case, &results, &findings);
        let state = settle(RuleId::Qlt02, judgement, &mut findings);
        results.push(RuleResult { rule: RuleId::Qlt02, state, provisional });
    }
    results.sort_by_key(|result| result.rule.as_str());
    findings.sort_by(|one, other| {
        let rank = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.rule.as_str());
        rank(one).cmp(&rank(other)).then_with(|| one.fingerprint.cmp(&other.fingerprint))
    });
    (results, findings)
}

/// The state that a judgement means; its findings join the others.
fn settle(rule: RuleId, judgement: Judgement, findings: &mut Vec<Finding>) -> RuleState {
    match judgement {
        Judgement::NotFed => RuleState::NotFed,
        Judgement::Insufficient => RuleState::InsufficientData,
        Judgement::Judged(drafts) if drafts.is_empty() => RuleState::Clear,
        Judgement::Judged(drafts) => {
            findings.extend(drafts.into_iter().map(|draft| draft.finding(rule)));
            RuleState::Finding
        }
    }
}

impl Case<'_> {
    fn is_fed(&self, needs: Needs) -> bool {
        let fed = self.inputs.fed;
        match needs {
            Needs::Events => true,
            Needs::Nothing => fed.messages,
            Needs::Consents => fed.consents && fed.messages,
            Needs::Inbound => fed.messages && fed.inbound,
            Needs::InboundAndConsents => fed.messages && fed.inbound && fed.consents,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_registry_has_a_judge() {
        // QLT-02 is judged last, by what the others say.
        for spec in RULES.iter().filter(|spec| spec.id != RuleId::Qlt02) {
            assert!(judge_of(spec.id).is_some(), "{}", spec.id);
        }
        assert_eq!(RuleId::ALL.iter().filter(|rule| judge_of(**rule).is_some()).count(), RULES.len() - 1);
    }
}
