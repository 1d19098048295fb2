//! What the lint of a template says.

use app::assets;
use async_graphql::{Context, Object, SimpleObject};
use domain::traffic::{LintFinding as Found, Span};

use super::audit::words::FindingSeverity;
use crate::{context::ContextExt as _, words::graphql_words};

graphql_words! {
    /// A part of a template. Values may be added.
    TemplateComponent = domain::traffic::Component {
        /// The template as a whole: its name, its category, its language.
        Template,
        /// The header.
        Header,
        /// The body.
        Body,
        /// The footer.
        Footer,
        /// What stands on a button.
        Button,
        /// Where a button leads.
        ButtonUrl,
    }
}

/// A range of a component's text, in characters (Unicode code points) from its beginning: neither bytes nor UTF-16 units. In
/// JavaScript: `[...text].slice(start, end).join("")`.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct LintSpan {
    /// The first character, from 0.
    start: u32,
    /// The character after the last.
    end: u32,
}

impl From<Span> for LintSpan {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

/// What the lint of a template says.
#[derive(Debug, Clone)]
pub(crate) struct TemplateLint(pub(crate) assets::TemplateLint);

/// What the lint of a template says. That it says nothing does not mean that Meta approves.
#[Object]
impl TemplateLint {
    /// Whether words of the template's language are known. Without them little of the content was judged.
    async fn has_lexicon(&self) -> bool {
        self.0.has_lexicon
    }

    /// What there is to object to, by rule.
    async fn findings(&self) -> Vec<LintFinding> {
        self.0.findings.iter().cloned().map(LintFinding).collect()
    }
}

/// Something in a template to object to.
#[derive(Debug, Clone)]
pub(crate) struct LintFinding(Found);

/// Something in a template to object to.
#[Object]
impl LintFinding {
    /// Stable id of the rule, such as `TPL-07`.
    async fn rule(&self) -> &'static str {
        self.0.rule.as_str()
    }

    /// How bad it is.
    async fn severity(&self) -> FindingSeverity {
        self.0.severity.into()
    }

    /// The component.
    async fn component(&self) -> TemplateComponent {
        self.0.place.component.into()
    }

    /// The button's place among the buttons, from 0.
    async fn button(&self) -> Option<u32> {
        self.0.place.button
    }

    /// Which characters; `null` when it is about the component as a whole.
    async fn span(&self) -> Option<LintSpan> {
        self.0.place.span.map(Into::into)
    }

    /// Why, such as `variable_at_start`; an open list.
    async fn code(&self) -> &'static str {
        self.0.place.code.as_str()
    }

    /// The rule's name, in the reader's language.
    async fn title(&self, ctx: &Context<'_>) -> String {
        i18n::rule_name(ctx.op().lang(), self.0.rule)
    }

    /// What is objected to, as a sentence in the reader's language.
    async fn message(&self, ctx: &Context<'_>) -> String {
        i18n::objection(ctx.op().lang(), &self.0)
    }

    /// What to do about findings of the rule, in order, in the reader's language.
    async fn remedy(&self, ctx: &Context<'_>) -> Vec<String> {
        i18n::remedy(ctx.op().lang(), self.0.rule)
    }
}
