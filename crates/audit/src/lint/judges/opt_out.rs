//! CON-11: a marketing template that offers no way out.
//!
//! Source: best practice of Meta: an opt-out button in the template's language; a footer that says how does as well.

use domain::traffic::{Category, Component, LintCode};

use super::{Case, Objection};
use crate::lint::lexicon::Topic;

/// A footer or button that says a word of opting out is enough; the body has to say more than the bare word.
pub(super) fn judge(case: &mut Case<'_>) {
    if case.template.category != Some(Category::Marketing) || case.thresholds().standing_opt_out {
        return;
    }
    let texts = case.texts;
    let is_offered = case.found.all(Topic::OptOut).any(|hit| {
        let component = texts.parts[hit.place(texts).0].component;
        hit.is_strong || matches!(component, Component::Footer | Component::Button)
    });
    // Meta's own button of marketing templates that turns them off.
    let has_switch = case.template.buttons.iter().any(|button| button.kind == "MARKETING_OPT_OUT");
    if !is_offered && !has_switch {
        case.object(Objection::whole(LintCode::NoOptOut));
    }
}
