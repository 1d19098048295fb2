//! The rules of the lint, one file each or a few of a kind.

mod category;
mod density;
mod destination;
mod format;
mod format_buttons;
mod opt_out;
mod resubmission;
mod topics;

use std::{collections::BTreeMap, ops::Range};

use domain::traffic::{Component, LintArgument, LintCode, LintFinding, LintThresholds, Place, TemplateContent};

pub(super) use resubmission::Rejects;
pub(crate) use topics::trade_of;

use super::{
    LintContext,
    lexicon::{Found, Hit},
    text::{Part, Texts},
};

/// Most places that are shown of one reason that words betray.
const PLACES: usize = 5;

/// A template in its context, and what was found so far.
#[derive(Debug)]
pub(super) struct Case<'a> {
    template: &'a TemplateContent,
    context: &'a LintContext<'a>,
    texts: &'a Texts<'a>,
    found: &'a Found,
    findings: Vec<LintFinding>,
}

/// Lets every rule judge.
pub(super) fn judge(case: &mut Case<'_>, rejects: &Rejects) {
    opt_out::judge(case);
    topics::judge_goods(case);
    topics::judge_sensitive(case);
    category::judge(case);
    format::judge(case);
    format_buttons::judge(case);
    density::judge(case);
    destination::judge(case);
    resubmission::judge(case, rejects);
    topics::judge_codes(case);
}

/// An objection in the making.
#[derive(Debug)]
struct Objection {
    place: Place,
    arguments: BTreeMap<String, LintArgument>,
}

impl Objection {
    /// About a template as a whole.
    fn whole(code: LintCode) -> Self {
        Self::at(Component::Template, None, code)
    }

    fn at(component: Component, button: Option<u32>, code: LintCode) -> Self {
        Self { place: Place { component, button, span: None, code }, arguments: BTreeMap::new() }
    }

    /// About a part of a text.
    fn part(part: &Part<'_>, bytes: &Range<usize>, code: LintCode) -> Self {
        let mut objection = Self::at(part.component, part.button, code);
        objection.place.span = Some(part.span(bytes));
        objection
    }

    fn with(mut self, name: &str, argument: LintArgument) -> Self {
        self.arguments.insert(name.to_owned(), argument);
        self
    }

    fn count(self, name: &str, count: usize) -> Self {
        self.with(name, LintArgument::Count(count as u64))
    }

    fn text(self, name: &str, text: &str) -> Self {
        self.with(name, LintArgument::Text(text.to_owned()))
    }
}

impl<'a> Case<'a> {
    pub(super) fn new(
        template: &'a TemplateContent,
        context: &'a LintContext<'a>,
        texts: &'a Texts<'a>,
        found: &'a Found,
    ) -> Self {
        Self { template, context, texts, found, findings: Vec::new() }
    }

    /// What was found: by rule, then place.
    pub(super) fn findings(mut self) -> Vec<LintFinding> {
        self.findings
            .sort_by(|one, other| one.rule.as_str().cmp(other.rule.as_str()).then_with(|| one.place.cmp(&other.place)));
        self.findings
    }

    fn thresholds(&self) -> &'a LintThresholds {
        &self.context.thresholds
    }

    fn object(&mut self, objection: Objection) {
        let Objection { place, arguments } = objection;
        let rule = place.code.rule();
        self.findings.push(LintFinding { rule, severity: place.code.severity(), place, arguments });
    }

    /// Objects to words; each is quoted.
    fn object_to(&mut self, hits: &[&Hit], code: LintCode) {
        let texts = self.texts;
        let mut places: Vec<(usize, Range<usize>)> = hits.iter().map(|hit| hit.place(texts)).collect();
        places.sort_by_key(|(part, bytes)| (*part, bytes.start, std::cmp::Reverse(bytes.end)));
        // Of terms that overlap the first and longest is enough.
        let mut last: Option<(usize, Range<usize>)> = None;
        places.retain(|(part, bytes)| {
            let is_new = last.as_ref().is_none_or(|(other, seen)| other != part || bytes.start >= seen.end);
            if is_new {
                last = Some((*part, bytes.clone()));
            }
            is_new
        });
        for (part, bytes) in places.into_iter().take(PLACES) {
            let part = &texts.parts[part];
            let quoted = part.text.get(bytes.clone()).unwrap_or_default();
            self.object(Objection::part(part, &bytes, code).text("words", quoted));
        }
    }
}
