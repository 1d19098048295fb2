//! Messages that rules count as a whole: of volumes, of silences, of the texts of templates. No pass names them one by one; evidence
//! asks for them.

use domain::traffic::{Outcome, RuleId};

use crate::Send;

use super::{Person, sending, volume, watch::Watch};

/// Which messages of the period a rule counts, of what its finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// Those that the messaging limit counts.
    Counted,
    /// Those of which nothing is known but that they were accepted.
    Silent,
    /// Those that were made from a template.
    Templates,
    /// Those of templates that no declared campaign is named by.
    Undeclared,
}

impl Whole {
    /// `None` of a rule whose messages a pass names.
    fn of(rule: RuleId) -> Option<Self> {
        Some(match rule {
            RuleId::Lim01 | RuleId::Vol01 | RuleId::Wrm01 | RuleId::Wrm06 => Self::Counted,
            RuleId::Ops01 => Self::Silent,
            RuleId::Con11
            | RuleId::Pro01
            | RuleId::Pro02
            | RuleId::Pro03
            | RuleId::Tpl05
            | RuleId::Tpl07
            | RuleId::Tpl08
            | RuleId::Tpl10
            | RuleId::Tpl12
            | RuleId::Tpl13 => Self::Templates,
            RuleId::Vol03 => Self::Undeclared,
            _ => return None,
        })
    }

    fn holds(self, send: &Send<'_>, in_window: bool, watch: &Watch) -> bool {
        match self {
            Self::Counted => volume::is_counted(send, in_window),
            Self::Silent => send.outcome == Outcome::Sent,
            Self::Templates => sending::is_template(send),
            Self::Undeclared => sending::is_undeclared(send, watch),
        }
    }
}

/// The rules whose messages are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown(Vec<(RuleId, Whole)>);

impl Shown {
    /// Those of `rules` that count messages as a whole, each once.
    pub(super) fn of(rules: impl IntoIterator<Item = RuleId>) -> Self {
        let mut shown: Vec<(RuleId, Whole)> = Vec::new();
        for (rule, whole) in rules.into_iter().filter_map(|rule| Some((rule, Whole::of(rule)?))) {
            if shown.iter().all(|(known, _)| *known != rule) {
                shown.push((rule, whole));
            }
        }
        Self(shown)
    }

    /// Shows the person's messages of the period.
    pub(super) fn show<'h>(
        &self,
        person: &Person<'h>,
        in_window: &[bool],
        watch: &Watch,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        if self.0.is_empty() {
            return;
        }
        for (send, inside) in person.period().iter().zip(&in_window[person.first..]) {
            for (rule, whole) in &self.0 {
                if whole.holds(send, *inside, watch) {
                    evidence(*rule, send);
                }
            }
        }
    }
}
