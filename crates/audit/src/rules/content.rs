//! TPL-05, 07, 08, 10, 12, 13, CON-11 and PRO-01 to 03: what the [lint](crate::lint) objects to in the templates that were
//! sent. The rules themselves stand there; here is whom they reached.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::OnceLock,
};

use domain::traffic::{
    Category, ClientFacts, LintArgument, LintCode, LintFinding, Permit, RuleId, TemplateContent, instant_of_micros,
};

use super::{Case, Draft, Judgement};
use crate::{
    lint::{LintContext, Linter, has_lexicon, trade_of},
    numbering::Country,
};

/// What the lint says of the templates that were sent; each is linted once for all rules.
#[derive(Debug, Default)]
pub(crate) struct Content(OnceLock<Vec<Linted>>);

/// A template that was sent and whose content is known.
#[derive(Debug)]
struct Linted {
    id: usize,
    category: Option<Category>,
    /// Whether words of its language are known.
    is_readable: bool,
    findings: BTreeMap<RuleId, Vec<LintFinding>>,
}

impl Linted {
    /// Whether a rule looks at such a template: some are about one category, and some need words.
    fn is_judged_by(&self, rule: RuleId) -> bool {
        let is_concerned = match rule {
            RuleId::Con11 => self.category == Some(Category::Marketing),
            RuleId::Tpl05 => self.category == Some(Category::Utility),
            RuleId::Tpl13 => self.category.is_some_and(|category| category != Category::Authentication),
            _ => true,
        };
        is_concerned && (self.is_readable || !needs_words(rule))
    }
}

/// A finding for each template that was sent and that the rule objects to. Where none was sent that the rule looks at, there is
/// too little to judge.
pub(super) fn judge(case: &Case<'_>, rule: RuleId) -> Judgement {
    let surroundings = &case.inputs.surroundings;
    let Some(templates) = surroundings.templates.as_deref() else { return Judgement::NotFed };
    let linted = case.content.0.get_or_init(|| lint(case, templates));
    let drafts: Vec<Draft> = linted
        .iter()
        .filter_map(|one| one.findings.get(&rule).map(|findings| (one.id, findings)))
        .map(|(id, findings)| draft(case, id, findings))
        .collect();
    if !drafts.is_empty() {
        return Judgement::Judged(drafts);
    }
    let client = surroundings.client.as_ref();
    let is_fed = match rule {
        RuleId::Tpl10 => client.is_some_and(|client| client.verified_domains.is_some()),
        RuleId::Pro02 => client.is_some_and(|client| client.permits.is_some()),
        _ => true,
    };
    if !is_fed {
        Judgement::NotFed
    } else if linted.iter().any(|one| one.is_judged_by(rule)) {
        Judgement::Judged(drafts)
    } else {
        Judgement::Insufficient
    }
}

/// Whether a rule judges by words.
fn needs_words(rule: RuleId) -> bool {
    !matches!(rule, RuleId::Tpl07 | RuleId::Tpl08 | RuleId::Tpl10 | RuleId::Tpl12)
}

fn lint(case: &Case<'_>, templates: &[TemplateContent]) -> Vec<Linted> {
    let surroundings = &case.inputs.surroundings;
    let client = surroundings.client.as_ref().map(permitted_anywhere);
    let context = LintContext {
        client: client.as_ref(),
        others: templates,
        events: surroundings.events.as_deref().unwrap_or_default(),
        now: case.inputs.as_of.map(instant_of_micros),
        thresholds: case.thresholds.lint,
    };
    let linter = Linter::new(&context);
    let known: HashMap<(&str, &str), &TemplateContent> = templates
        .iter()
        .rev()
        .map(|template| ((template.name.as_str(), template.language.as_str()), template))
        .collect();
    let sent = case.tally.templates.iter().zip(&case.names.templates).enumerate();
    sent.filter(|(_, (cell, _))| cell.all.messages > 0)
        .filter_map(|(id, (_, name))| Some((id, known.get(&(name.name.as_str(), name.language.as_str()))?)))
        .map(|(id, template)| {
            let mut findings: BTreeMap<RuleId, Vec<LintFinding>> = BTreeMap::new();
            for finding in linter.lint(template).into_iter().filter(|found| !is_permitted(case, id, found.place.code)) {
                findings.entry(finding.rule).or_default().push(finding);
            }
            Linted { id, category: template.category, is_readable: has_lexicon(&template.language), findings }
        })
        .collect()
}

/// The client with those permits alone that hold everywhere; the others are looked at by where a template went.
fn permitted_anywhere(client: &ClientFacts) -> ClientFacts {
    let anywhere =
        |permits: &Vec<Permit>| permits.iter().filter(|permit| permit.countries.is_empty()).cloned().collect();
    ClientFacts { permits: client.permits.as_ref().map(anywhere), ..client.clone() }
}

/// Whether permits allow such goods in every country to which a template went, as far as recipients tell theirs.
fn is_permitted(case: &Case<'_>, id: usize, code: LintCode) -> bool {
    let (Some(trade), Some(client)) = (trade_of(code), &case.inputs.surroundings.client) else { return false };
    let permits = client.permits.iter().flatten().filter(|permit| permit.trade == trade);
    let countries: HashSet<&str> = permits.flat_map(|permit| &permit.countries).map(String::as_str).collect();
    if countries.is_empty() || case.tally.uninformed {
        return false;
    }
    let went_to = case.tally.sending.templates.get(id).into_iter().flat_map(|template| &template.countries);
    went_to.filter_map(|index| Country::code_of(*index as usize)).all(|country| countries.contains(country))
}

fn draft(case: &Case<'_>, id: usize, findings: &[LintFinding]) -> Draft {
    let cell = &case.tally.templates[id];
    let severity = findings.iter().map(|finding| finding.severity).max().unwrap_or(domain::traffic::Severity::Medium);
    let reasons: HashSet<LintCode> = findings.iter().map(|finding| finding.place.code).collect();
    let mut draft = Draft::new(severity, case.template(id), cell.all)
        .count("places", findings.len() as u64)
        .count("signals", reasons.len() as u64)
        .places(findings.iter().map(|finding| finding.place.clone()));
    for finding in findings {
        if let Some(LintArgument::Share(likeness)) = finding.arguments.get("likeness") {
            draft = draft.value("likeness", *likeness);
        }
    }
    draft
}
