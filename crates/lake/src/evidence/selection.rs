//! Which findings a message belongs to: those of its rule whose subject it is about.

use std::collections::HashMap;

use audit::{NO_NAME, NameId, Names, Send, TemplateName};
use domain::traffic::{RuleId, Subject, SubjectKind};

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

/// Place of a finding, and the day that it is about.
type Wanted = (usize, Option<i64>);

/// The findings that were asked for, by rule and subject.
#[derive(Debug)]
pub(super) struct Selection {
    /// For each, its place, and the day that it is about.
    findings: HashMap<(RuleId, About), Vec<Wanted>>,
}

impl Selection {
    /// The findings of these rules and subjects. A subject that no name of the traffic has is about nothing.
    pub(super) fn of(wanted: &[(RuleId, Subject)], names: &Names) -> Self {
        let mut findings: HashMap<_, Vec<_>> = HashMap::new();
        for (place, (rule, subject)) in wanted.iter().enumerate() {
            for about in about(subject, names) {
                findings.entry((*rule, about)).or_default().push((place, subject.day.as_deref().map(day)));
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
            for (place, day) in self.findings.get(&(rule, about)).into_iter().flatten() {
                if day.is_none_or(|day| day == send.sent_at.div_euclid(DAY)) {
                    belongs(*place);
                }
            }
        }
    }
}

/// A day's number; a text that is none is a day without messages.
fn day(text: &str) -> i64 {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_or(i64::MAX, |day| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros().div_euclid(DAY))
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
    use domain::traffic::{Category, MessageType, Outcome};

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

    fn belonging(wanted: &[(RuleId, Subject)], rule: RuleId, send: &Send<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        Selection::of(wanted, &names()).each(rule, send, |place| found.push(place));
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
}
