//! Findings for people: what is objected to, with the line that it is about and carets below it.

use std::fmt::Write as _;

use audit::lint::has_lexicon;
use console::measure_text_width;
use domain::traffic::{Component, LintFinding, Place, RuleId, Span, TemplateContent};
use i18n::{Args, Group, Lang, number, objection, remedy, rule_name, text, word};

/// All templates that something is to be said of, then a summary.
pub(super) fn render<'a>(lang: Lang, linted: impl Iterator<Item = (&'a TemplateContent, Vec<LintFinding>)>) -> String {
    let mut out = String::new();
    let (mut templates, mut objectionable, mut unread) = (0_u64, 0_u64, 0_u64);
    let mut told: Vec<RuleId> = Vec::new();
    for (template, findings) in linted {
        templates += 1;
        unread += u64::from(!has_lexicon(&template.language));
        if findings.is_empty() {
            continue;
        }
        objectionable += 1;
        line(&mut out, &format!("{}/{}", template.name, template.language));
        for finding in &findings {
            one(&mut out, lang, template, finding);
            if !told.contains(&finding.rule) {
                told.push(finding.rule);
            }
        }
        out.push('\n');
    }
    for rule in told {
        line(&mut out, &format!("{rule} {}", rule_name(lang, rule)));
        for action in remedy(lang, rule) {
            line(&mut out, &format!("   → {action}"));
        }
    }
    let args = Args::new().count("templates", templates).count("objectionable", objectionable);
    line(&mut out, &text(lang, "lint-summary", &args));
    if unread > 0 {
        line(&mut out, &text(lang, "lint-no-lexicon", &Args::new().count("templates", unread)));
    }
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a text cannot fail.
    let written = writeln!(out, "{text}");
    debug_assert!(written.is_ok());
}

fn one(out: &mut String, lang: Lang, template: &TemplateContent, finding: &LintFinding) {
    let severity = word(lang, Group::Severity, finding.severity.as_str());
    let place = &finding.place;
    let mut component = text(lang, &format!("lint-component-{}", key(place.component)), &Args::new());
    if let Some(button) = place.button {
        component = format!("{component} {}", number(lang, i64::from(button) + 1));
    }
    line(out, &format!("  {} [{severity}] {component}: {}", finding.rule, objection(lang, finding)));
    if let Some((quoted, indent, carets)) = quote(template, place) {
        line(out, &format!("    │ {quoted}"));
        line(out, &format!("    │ {}{}", " ".repeat(indent), "^".repeat(carets)));
    }
}

fn key(component: Component) -> String {
    component.as_str().replace('_', "-")
}

/// Most characters of a quoted line before and behind what is marked.
const AROUND: usize = 40;

/// The line that a span begins in, how far its marks are indented, and how many there are.
fn quote(template: &TemplateContent, place: &Place) -> Option<(String, usize, usize)> {
    let Span { start, end } = place.span?;
    let characters: Vec<char> = text_of(template, place)?.chars().collect();
    let (start, end) = ((start as usize).min(characters.len()), (end as usize).min(characters.len()));
    let is_break = |character: &char| matches!(character, '\n' | '\r');
    let from = characters[..start].iter().rposition(is_break).map_or(0, |found| found + 1);
    let to = characters[start..].iter().position(is_break).map_or(characters.len(), |found| start + found);
    let (left, right) = (from.max(start.saturating_sub(AROUND)), to.min(end.max(start) + AROUND));
    let marked_end = end.clamp(start, right);
    let shown = |range: &[char]| -> String {
        range.iter().map(|character| if character.is_control() { ' ' } else { *character }).collect()
    };
    let before = format!("{}{}", if left > from { "…" } else { "" }, shown(&characters[left..start]));
    let marked = shown(&characters[start..marked_end]);
    let behind = format!("{}{}", shown(&characters[marked_end..right]), if right < to { "…" } else { "" });
    let carets = measure_text_width(&marked).max(1);
    Some((format!("{before}{marked}{behind}"), measure_text_width(&before), carets))
}

fn text_of<'a>(template: &'a TemplateContent, place: &Place) -> Option<&'a str> {
    let button = || template.buttons.get(place.button? as usize);
    match place.component {
        Component::Template => None,
        Component::Header => template.header.as_ref()?.text.as_deref(),
        Component::Body => template.body.as_deref(),
        Component::Footer => template.footer.as_deref(),
        Component::Button => button()?.text.as_deref(),
        Component::ButtonUrl => button()?.url.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use domain::traffic::LintCode;

    use super::*;

    fn quoted(body: &str, start: u32, end: u32) -> (String, usize, usize) {
        let template = TemplateContent { body: Some(body.to_owned()), ..TemplateContent::default() };
        let span = Some(Span { start, end });
        let place = Place { component: Component::Body, button: None, span, code: LintCode::Urgency };
        quote(&template, &place).unwrap()
    }

    #[test]
    fn carets_stand_below_what_is_meant() {
        assert_eq!(quoted("Solo oggi: sconti", 0, 9), ("Solo oggi: sconti".to_owned(), 0, 9));
        assert_eq!(quoted("Prima riga\nè solo oggi", 13, 22), ("è solo oggi".to_owned(), 2, 9));
        assert_eq!(quoted("🎉🎉 solo", 3, 7), ("🎉🎉 solo".to_owned(), 5, 4), "an emoji is two columns wide");
    }

    #[test]
    fn long_lines_are_cut_and_wide_spans_end_with_the_line() {
        let (text, indent, carets) = quoted(&format!("{}solo{}", "a".repeat(100), "b".repeat(100)), 100, 104);
        assert_eq!((text.chars().count(), indent, carets), (86, 41, 4));
        assert_eq!(quoted("uno\ndue", 0, 7).2, 3);
        assert_eq!(quoted("uno", 7, 9), ("uno".to_owned(), 3, 1));
    }
}
