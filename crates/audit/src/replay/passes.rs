//! Which rules ask for which part of a replay: an audit pays for nothing that it does not judge. Totals and outcomes are counted
//! whatever is asked.

use domain::traffic::{Profile, RuleId};

use crate::Settings;

/// A part of the replay that not every audit needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// What to do with each list's people.
    Advice,
    /// What went wrong, by everything that may explain it.
    Attribution,
    /// Sends while Meta had paused or disabled the template.
    Barred,
    /// How thick undeclared templates are sent.
    Bursts,
    /// Consent at the time of sending.
    Consent,
    /// Our clock of the window against Meta's answer.
    Clock,
    /// Valid consents by day, with the days before the period.
    Coverage,
    /// How thick marketing comes to one person, and whether the person takes notice.
    Floods,
    /// Sends that Meta had forbidden.
    Forbidden,
    /// Whether a contact should have been on its list at all.
    Hygiene,
    /// Marketing in the window to people without any opt-in.
    InsideWindow,
    /// Opt-ins of the whole ledger.
    OptIns,
    /// Who collected an opt-in, and what its text said.
    Origin,
    /// Failures of templates by day, with the days before the period.
    OwnFailures,
    /// Messages that were refused for coming too fast to one person.
    PairLimit,
    /// Wrong parameters.
    Parameters,
    /// To which countries templates go, where permits hold in some only.
    Permits,
    /// Whether opt-ins can be proved.
    Proof,
    /// When marketing comes where the person lives.
    QuietHours,
    /// How messages are received.
    Reception,
    /// Sends to people who could not be reached on two days.
    Resends,
    /// Templates sent again soon after a refusal.
    Retries,
    /// Minutes from which a status came back, and those from which none did.
    Silence,
    /// Whether consents are too old.
    Staleness,
    /// Who said stop after which campaign.
    StopWords,
    /// Numbers that send too fast.
    Throughput,
    /// Counted messages by number and day, and who was active when.
    Volume,
    /// How new numbers are used.
    WarmUp,
}

/// Who asks for a pass.
#[derive(Debug, Clone, Copy)]
enum AskedBy {
    /// The report of the profile `full`, whatever its rules find.
    Full,
    /// The figures of the exchange formats, and these rules.
    Figures(&'static [RuleId]),
    /// These rules.
    Rules(&'static [RuleId]),
}

use AskedBy::{Figures, Full, Rules};

/// Who asks for each pass.
const PASSES: [(Pass, AskedBy); 28] = [
    (Pass::Advice, Full),
    (Pass::Attribution, Full),
    (Pass::Barred, Rules(&[RuleId::Tpl02])),
    (Pass::Bursts, Rules(&[RuleId::Vol03])),
    (
        Pass::Consent,
        Figures(&[
            RuleId::Con01,
            RuleId::Con02,
            RuleId::Con03,
            RuleId::Con04,
            RuleId::Con05,
            RuleId::Con06,
            RuleId::Con07,
            RuleId::Con09,
            RuleId::Con10,
            RuleId::Win03,
        ]),
    ),
    (Pass::Clock, Rules(&[RuleId::Win02])),
    (Pass::Coverage, Rules(&[RuleId::Con10])),
    (Pass::Floods, Figures(&[RuleId::Vol04, RuleId::Lst05])),
    (Pass::Forbidden, Rules(&[RuleId::Enf03])),
    (Pass::Hygiene, Rules(&[RuleId::Lst04, RuleId::Lst06, RuleId::Lst07])),
    (Pass::InsideWindow, Rules(&[RuleId::Win03])),
    (Pass::OptIns, Rules(&[RuleId::Con08])),
    (Pass::Origin, Rules(&[RuleId::Con05, RuleId::Con09])),
    (Pass::OwnFailures, Rules(&[RuleId::Tpl01])),
    (Pass::PairLimit, Rules(&[RuleId::Vol04])),
    (Pass::Parameters, Rules(&[RuleId::Tpl09])),
    (Pass::Permits, Rules(&[RuleId::Pro01, RuleId::Pro02])),
    (Pass::Proof, Rules(&[RuleId::Con04])),
    (Pass::QuietHours, Rules(&[RuleId::Vol07])),
    (Pass::Reception, Rules(&[RuleId::Eng01, RuleId::Eng03])),
    (Pass::Resends, Figures(&[RuleId::Lst01])),
    (Pass::Retries, Figures(&[RuleId::Vol05])),
    (Pass::Silence, Rules(&[RuleId::Ops01])),
    (Pass::Staleness, Rules(&[RuleId::Con06])),
    (Pass::StopWords, Rules(&[RuleId::Eng02, RuleId::Lim02, RuleId::Lst03])),
    (Pass::Throughput, Rules(&[RuleId::Lim05])),
    (
        Pass::Volume,
        Figures(&[
            RuleId::Vol01,
            RuleId::Wrm01,
            RuleId::Wrm02,
            RuleId::Wrm03,
            RuleId::Wrm06,
            RuleId::Lim01,
            RuleId::Lim02,
        ]),
    ),
    (Pass::WarmUp, Rules(&[RuleId::Wrm02, RuleId::Wrm03])),
];

/// The passes of an audit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Passes(u32);

impl Passes {
    /// Those that an audit asks for.
    pub(super) fn of(settings: &Settings) -> Self {
        let judged = |rules: &[RuleId]| rules.iter().any(|rule| settings.asks_for(*rule));
        let asked = PASSES.iter().filter(|(_, by)| match by {
            Full => settings.only.is_none() && settings.profile == Profile::Full,
            Figures(rules) => settings.only.is_none() || judged(rules),
            Rules(rules) => judged(rules),
        });
        Self(asked.fold(0, |bits, (pass, _)| bits | 1 << *pass as u32))
    }

    /// Whether the pass is asked for.
    pub(super) const fn has(self, pass: Pass) -> bool {
        self.0 & 1 << pass as u32 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(settings: &Settings) -> Vec<Pass> {
        let passes = Passes::of(settings);
        PASSES.iter().map(|(pass, _)| *pass).filter(|pass| passes.has(*pass)).collect()
    }

    #[test]
    fn the_full_profile_asks_for_all_and_the_minimum_for_what_its_rules_read() {
        assert_eq!(asked(&Settings::default()).len(), PASSES.len());
        let minimum = Settings { profile: Profile::Minimum, ..Settings::default() };
        let expected = [
            Pass::Barred,
            Pass::Consent,
            Pass::Floods,
            Pass::Forbidden,
            Pass::OwnFailures,
            Pass::Permits,
            Pass::Proof,
            Pass::Resends,
            Pass::Retries,
            Pass::Silence,
            Pass::StopWords,
            Pass::Volume,
            Pass::WarmUp,
        ];
        assert_eq!(asked(&minimum), expected);
    }

    #[test]
    fn a_rule_alone_asks_for_what_it_reads() {
        let only = |rule| asked(&Settings { only: Some(vec![rule]), ..Settings::default() });
        assert_eq!(only(RuleId::Con01), [Pass::Consent]);
        assert_eq!(only(RuleId::Win01), []);
        assert_eq!(only(RuleId::Qlt02).len(), PASSES.len() - 2, "all but advice and attribution");
    }
}
