//! The lint of a template before it is submitted: computed, never kept.

use audit::lint::{LintContext, has_lexicon, lint};
use domain::{
    ClientId,
    access::Permission,
    traffic::{ClientFacts, LintFinding, LintThresholds, TemplateContent},
};

use crate::{OpCtx, OpError, audits::surroundings};

/// A template to be linted.
#[derive(Debug, Clone)]
pub struct LintTemplate {
    /// Whose it will be: its thresholds hold, and its templates that were rejected, paused or disabled are compared with.
    pub client: Option<ClientId>,
    /// The template.
    pub template: TemplateContent,
    /// Domains and permits of the client, as far as the caller tells them.
    pub facts: ClientFacts,
}

/// What the lint says.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateLint {
    /// Whether words of the template's language are known.
    pub has_lexicon: bool,
    /// What there is to object to.
    pub findings: Vec<LintFinding>,
}

/// Lints a template.
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `assets:read`.
pub async fn lint_template(op: &OpCtx, input: LintTemplate) -> Result<TemplateLint, OpError> {
    match input.client {
        Some(client) => op.require_on(Permission::AssetsRead, client)?,
        None => op.require(Permission::AssetsRead)?,
    }
    let (mut others, mut thresholds) = (Vec::new(), LintThresholds::default());
    if let Some(client) = input.client {
        let tx = op.reader().await?;
        store::clients::by_id(&tx, client).await?.ok_or(OpError::NotFound)?;
        let in_force = store::thresholds::in_force(&tx, Some(client), op.now()).await?;
        thresholds = in_force.effective().map_err(|fault| OpError::internal("lint", fault))?.lint;
        let templates = store::templates::of_client(&tx, client).await?;
        others = surroundings::contents(&tx, client, &templates).await?;
    }
    let now = op.now();
    // Thousands of rejected texts to compare with are work for a thread of its own.
    let linting = tokio::task::spawn_blocking(move || {
        let context = LintContext {
            client: Some(&input.facts),
            others: &others,
            now: Some(now),
            thresholds,
            ..LintContext::default()
        };
        let findings = lint(&input.template, &context);
        TemplateLint { has_lexicon: has_lexicon(&input.template.language), findings }
    });
    linting.await.map_err(|error| OpError::internal("lint", error))
}
