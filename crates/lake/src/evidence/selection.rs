//! Which findings a message belongs to: those of its rule whose subject it is about.

use std::collections::HashMap;

use audit::{NO_NAME, NameId, Names, Send, TemplateName};
use domain::traffic::{Outcome, RuleId, Subject, SubjectKind};

use super::Wanted;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What a finding is about, by the ids of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum About {
    /// Everything that the rule counts.
    All,
    List(NameId),
    Template(NameId),
    Number(NameId),
    Campaign(NameId),
}

/// Which messages of its rule and subject a finding counts.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Place of the finding.
    place: usize,
    /// The time, the end excluded.
    time: Option<(i64, i64)>,
    /// Whether they failed.
    failed: Option<bool>,
}

impl Part {
    fn holds(&self, send: &Send<'_>) -> bool {
        self.time.is_none_or(|(from, to)| (from..to).contains(&send.sent_at))
            && self.failed.is_none_or(|failed| failed == (send.outcome == Outcome::Failed))
    }
}

/// The findings that were asked for, by rule and subject.
#[derive(Debug)]
pub(super) struct Selection {
    findings: HashMap<(RuleId, About), Vec<Part>>,
}

impl Selection {
    /// The findings of these rules and subjects. A subject that no name of the traffic has is about nothing.
    pub(super) fn of(wanted: &[Wanted], names: &Names) -> Self {
        let mut findings: HashMap<_, Vec<_>> = HashMap::new();
        for (place, wanted) in wanted.iter().enumerate() {
            let part = Part { place, time: time(wanted), failed: wanted.failed };
            for about in about(&wanted.subject, names) {
                findings.entry((wanted.rule, about)).or_default().push(part);
            }
        }
        Self { findings }
    }

    /// Calls `belongs` with the place of every finding that a message of `rule` belongs to.
    pub(super) fn each(&self, rule: RuleId, send: &Send<'_>, mut belongs: impl FnMut(usize)) {
        let subjects = [
            About::All,
            About::List(send.list),
            About::Template(send.template),
            About::Number(send.number),
            About::Campaign(send.campaign),
        ];
        for about in subjects {
            let parts = self.findings.get(&(rule, about)).into_iter().flatten();
            parts.filter(|part| part.holds(send)).for_each(|part| belongs(part.place));
        }
    }
}

/// The time that a finding is about: its own, or the day of its subject.
fn time(wanted: &Wanted) -> Option<(i64, i64)> {
    let within = wanted.within.map(|(from, to)| (from.timestamp_micros(), to.timestamp_micros()));
    within.or_else(|| wanted.subject.day.as_deref().map(day))
}

/// A day; a text that is none is a day without messages.
fn day(text: &str) -> (i64, i64) {
    let start = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").map(start);
    day.map_or((i64::MAX, i64::MAX), |start| (start, start.saturating_add(DAY)))
}

fn about(subject: &Subject, names: &Names) -> Vec<About> {
    let of = |all: &[String], about: fn(NameId) -> About| match &subject.id {
        None => vec![about(NO_NAME)],
        Some(id) => (0..).zip(all).filter(|(_, name)| *name == id).map(|(place, _)| about(place)).collect(),
    };
    match subject.kind {
        SubjectKind::List => of(&names.lists, About::List),
        SubjectKind::Number => of(&names.numbers, About::Number),
        SubjectKind::Campaign => of(&names.campaigns, About::Campaign),
        SubjectKind::Template => match &subject.id {
            None => vec![About::Template(NO_NAME)],
            Some(id) => templates(id, names),
        },
        _ => vec![About::All],
    }
}

/// The template of this label; without one, for rules that speak of a template in all of its languages, those of this name.
fn templates(id: &str, names: &Names) -> Vec<About> {
    let those = |is: fn(&TemplateName, &str) -> bool| -> Vec<About> {
        let all = (0..).zip(&names.templates);
        all.filter(|(_, template)| is(template, id)).map(|(place, _)| About::Template(place)).collect()
    };
    let labelled = those(|template, id| template.label() == id);
    if labelled.is_empty() { those(|template, id| template.name == id) } else { labelled }
}

#[cfg(test)]
mod tests {
    use domain::traffic::{Category, MessageType};

    use super::*;

    fn names() -> Names {
        let template = |name: &str, language: &str| TemplateName { name: name.into(), language: language.into() };
        Names {
            numbers: vec!["1055".into()],
            templates: vec![template("promo", "it"), template("promo", "en")],
            lists: vec!["fair".into(), "shop".into()],
            campaigns: vec!["autumn".into()],
            ..Names::default()
        }
    }

    fn send(list: NameId, template: NameId, sent_at: i64) -> Send<'static> {
        Send {
            message_id: b"wamid.1",
            place: audit::Place::default(),
            sent_at,
            number: 0,
            template,
            template_name: 0,
            list,
            campaign: NO_NAME,
            error_code: None,
            message_type: MessageType::Template,
            category: Category::Marketing,
            outcome: Outcome::Delivered,
        }
    }

    /// All messages of a rule.
    fn whole(rule: RuleId) -> Wanted {
        Wanted { rule, subject: Subject::client(), within: None, failed: None }
    }

    fn belonging(wanted: &[(RuleId, Subject)], rule: RuleId, send: &Send<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        let own = |(rule, subject): &(RuleId, Subject)| Wanted { subject: subject.clone(), ..whole(*rule) };
        Selection::of(&wanted.iter().map(own).collect::<Vec<_>>(), &names())
            .each(rule, send, |place| found.push(place));
        found
    }

    #[test]
    fn a_message_belongs_to_the_findings_of_its_rule_about_its_subjects() {
        let of = |kind, id: Option<&str>| Subject::of(kind, id);
        let wanted = [
            (RuleId::Con01, of(SubjectKind::List, Some("shop"))),
            (RuleId::Con01, of(SubjectKind::List, None)),
            (RuleId::Con01, of(SubjectKind::List, Some("nowhere"))),
            (RuleId::Tpl01, of(SubjectKind::Template, Some("promo/en"))),
            (RuleId::Vol05, of(SubjectKind::Template, Some("promo"))),
            (RuleId::Lst01, Subject::client()),
            (RuleId::Vol01, Subject { day: Some("1970-01-02".into()), ..of(SubjectKind::Number, Some("1055")) }),
        ];
        assert_eq!(belonging(&wanted, RuleId::Con01, &send(1, 0, 0)), [0]);
        assert_eq!(belonging(&wanted, RuleId::Con01, &send(NO_NAME, 0, 0)), [1]);
        assert_eq!(belonging(&wanted, RuleId::Con01, &send(0, 0, 0)), [0_usize; 0]);
        assert_eq!(belonging(&wanted, RuleId::Tpl01, &send(0, 1, 0)), [3]);
        assert_eq!(belonging(&wanted, RuleId::Tpl01, &send(0, 0, 0)), [0_usize; 0]);
        assert_eq!(belonging(&wanted, RuleId::Vol05, &send(0, 0, 0)), [4]);
        assert_eq!(belonging(&wanted, RuleId::Vol05, &send(0, 1, 0)), [4]);
        assert_eq!(belonging(&wanted, RuleId::Lst01, &send(NO_NAME, NO_NAME, 0)), [5]);
        assert_eq!(belonging(&wanted, RuleId::Vol01, &send(0, 0, DAY)), [6]);
        assert_eq!(belonging(&wanted, RuleId::Vol01, &send(0, 0, 2 * DAY)), [0_usize; 0]);
    }

    #[test]
    fn a_message_belongs_to_a_finding_of_its_time_and_outcome() {
        let belongs = |wanted: Wanted, sent_at: i64, outcome: Outcome| {
            let (rule, mut is_found) = (wanted.rule, false);
            let send = Send { outcome, ..send(0, 0, sent_at) };
            Selection::of(&[wanted], &names()).each(rule, &send, |_| is_found = true);
            is_found
        };
        let at = domain::traffic::instant_of_micros;
        let silence = || Wanted { within: Some((at(5), at(9))), ..whole(RuleId::Ops01) };
        let found = [4, 5, 8, 9].map(|sent_at| belongs(silence(), sent_at, Outcome::Sent));
        assert_eq!(found, [false, true, true, false]);
        let refused = |failed| {
            let wanted = || Wanted { failed, ..whole(RuleId::Lst03) };
            [Outcome::Failed, Outcome::Read].map(|outcome| belongs(wanted(), 0, outcome))
        };
        assert_eq!([Some(true), Some(false), None].map(refused), [[true, false], [false, true], [true, true]]);
    }
}
