//! What is known around a template.

use domain::{
    Instant,
    traffic::{ClientFacts, LintThresholds, PlatformEvent, TemplateContent},
};

/// What is known around a template. The default knows nothing: rules that need more do not object.
#[derive(Debug, Clone, Default)]
pub struct LintContext<'a> {
    /// Who the client is: its domains and permits.
    pub client: Option<&'a ClientFacts>,
    /// The client's templates: those that were rejected, paused or disabled are compared with. The linted template itself
    /// may be among them.
    pub others: &'a [TemplateContent],
    /// What Meta told, for when a template was rejected, paused or disabled if the template itself does not say.
    pub events: &'a [PlatformEvent],
    /// Now. When it is unknown, or it is unknown since when a template is rejected, the rejection counts as recent.
    pub now: Option<Instant>,
    /// Limits and thresholds.
    pub thresholds: LintThresholds,
}
