//! The lint of templates: what a reviewer, or Meta's own classifier, would object to, found before submission and in
//! audits. Pure: no I/O, no clock, no text for people.
//!
//! ```
//! use audit::lint::{LintContext, lint};
//! use domain::traffic::{Category, LintCode, TemplateContent};
//!
//! let template = TemplateContent {
//!     name: "autumn_sale".into(),
//!     language: "en".into(),
//!     category: Some(Category::Utility),
//!     body: Some("{{1}}, everything is 20% off today only!".into()),
//!     body_samples: Some(vec!["Anna".into()]),
//!     ..TemplateContent::default()
//! };
//! let findings = lint(&template, &LintContext::default());
//! let codes: Vec<LintCode> = findings.iter().map(|finding| finding.place.code).collect();
//! assert!(codes.contains(&LintCode::VariableAtStart)); // the format
//! assert!(codes.contains(&LintCode::Discount)); // utility that reads as marketing
//! ```
//!
//! # What it looks for
//!
//! TPL-05 (utility that reads as marketing), TPL-07 (format), TPL-08 (variables), TPL-10 (links), TPL-12 (a rejected text
//! again), TPL-13 (one-time codes), CON-11 (no opt-out), PRO-01 to 03 (prohibited and regulated goods, sensitive data);
//! [`wording`] holds what CON-05 needs. Each objection names its reason ([`LintCode`](domain::traffic::LintCode)) and where
//! it stands: see [`Span`](domain::traffic::Span) for what is counted.
//!
//! # What it does not do
//!
//! It understands no text: lexicons of Italian and English, kept as data with their sources, betray topics, and
//! `docs/accuracy.md` says how often that is right. In other languages it knows international terms alone
//! ([`has_lexicon`]). It does not say that Meta will approve a template.

mod context;
mod judges;
mod lexicon;
mod text;
pub mod wording;

use domain::traffic::{LintFinding, TemplateContent};

pub use context::LintContext;
pub(crate) use judges::trade_of;
use judges::{Case, Rejects};
use lexicon::Lexicon;
use text::Texts;

/// Lints many templates in one context: what the context says of rejected templates is prepared once.
#[derive(Debug)]
pub struct Linter<'a> {
    context: &'a LintContext<'a>,
    rejects: Rejects,
}

impl<'a> Linter<'a> {
    /// Prepares a context.
    pub fn new(context: &'a LintContext<'a>) -> Self {
        Self { context, rejects: Rejects::of(context) }
    }

    /// What there is to object to in a template, in the order of rules and, within a rule, of its text.
    pub fn lint(&self, template: &TemplateContent) -> Vec<LintFinding> {
        let texts = Texts::of(template);
        let found = Lexicon::of(&template.language).find(&texts);
        let mut case = Case::new(template, self.context, &texts, &found);
        judges::judge(&mut case, &self.rejects);
        case.findings()
    }
}

/// What there is to object to in one template; for many, [`Linter`].
pub fn lint(template: &TemplateContent, context: &LintContext<'_>) -> Vec<LintFinding> {
    Linter::new(context).lint(template)
}

/// Whether there is a lexicon for a language (Meta's code). Without one, rules about content find little, and a clean
/// result says little.
pub fn has_lexicon(language: &str) -> bool {
    Lexicon::of(language).has_language()
}
