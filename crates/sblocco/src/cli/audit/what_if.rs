//! `--without` and `--remedies`: what the audit would have said without some messages.

use domain::{
    ports::WhatIf,
    traffic::{Counterfactual, Remedy, Report, Subject, SubjectKind},
};
use i18n::{Args, Lang, counterfactual, remedy_found, rule_name, text};
use serde::Serialize;

/// Reads `list=ID`, `list=` (messages of no list), `template=NAME/LANGUAGE` or `number=ID`.
pub(super) fn subject(text: &str) -> Result<Subject, String> {
    const WANTED: &str = "give list=ID, list= for messages of no list, template=NAME/LANGUAGE or number=ID";
    let (kind, id) = text.split_once('=').ok_or(WANTED)?;
    let kind = match kind {
        "list" => SubjectKind::List,
        "template" if !id.is_empty() => SubjectKind::Template,
        "number" if !id.is_empty() => SubjectKind::Number,
        _ => return Err(WANTED.to_owned()),
    };
    Ok(Subject::of(kind, Some(id).filter(|id| !id.is_empty())))
}

/// The report as JSON, with what was asked beside it.
#[derive(Debug, Serialize)]
pub(super) struct Written<'w> {
    #[serde(flatten)]
    report: &'w Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    counterfactual: Option<&'w Counterfactual>,
    #[serde(skip_serializing_if = "<[Remedy]>::is_empty")]
    remedies: &'w [Remedy],
}

impl<'w> Written<'w> {
    pub(super) fn of(report: &'w Report, what_if: &'w WhatIf) -> Self {
        Self { report, counterfactual: what_if.counterfactual.as_ref(), remedies: &what_if.remedies }
    }
}

/// What was asked, as lines for people; nothing when nothing was.
pub(super) fn render(lang: Lang, what_if: &WhatIf) -> String {
    let say = |key: &str| text(lang, key, &Args::new());
    let mut out = String::new();
    if let Some(found) = &what_if.counterfactual {
        out.push_str(&counterfactual(lang, found));
        out.push_str("\n\n");
    }
    if !what_if.remedies.is_empty() {
        out.push_str(&say("report-remedies"));
        out.push('\n');
        for remedy in &what_if.remedies {
            let sentence = remedy_found(lang, remedy);
            let name = rule_name(lang, remedy.rule);
            out.extend(["  ", remedy.rule.as_str(), " ", &name, ": ", &sentence, "\n"]);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_named_by_kind_and_id() {
        assert_eq!(subject("list=fair").unwrap(), Subject::of(SubjectKind::List, Some("fair")));
        assert_eq!(subject("list=").unwrap(), Subject::of(SubjectKind::List, None));
        assert_eq!(subject("template=promo/it").unwrap(), Subject::of(SubjectKind::Template, Some("promo/it")));
        for bad in ["", "fair", "template=", "number=", "campaign=x"] {
            assert!(subject(bad).unwrap_err().contains("template=NAME/LANGUAGE"), "{bad}");
        }
    }
}
