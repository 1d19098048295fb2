//! TPL-10: links that hide where they lead, or lead to somebody else's domain.
//!
//! Source: common guidance of providers; Meta does not publish a list. The shorteners are a data file; what belongs to one
//! owner is told by the Public Suffix List.

use std::{collections::HashSet, sync::LazyLock};

use domain::traffic::{Component, LintCode};

use super::{Case, Objection};
use crate::lint::text::{Host, Link, button_link, links_of, registrable};

static SHORTENERS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/shorteners.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Hosts that open a chat.
const CHATS: [&str; 3] = ["wa.me", "api.whatsapp.com", "chat.whatsapp.com"];

/// Judges the links of all texts and buttons.
pub(super) fn judge(case: &mut Case<'_>) {
    let texts = case.texts;
    for part in &texts.parts {
        for link in &part.links {
            if let Some(code) = objection(case, link) {
                let objection = Objection::part(part, &link.bytes, code);
                case.object(told(objection, link));
            }
        }
    }
    let template = case.template;
    let header = template.header.as_ref().and_then(|header| header.samples.as_deref());
    samples(case, Component::Header, header.unwrap_or_default());
    samples(case, Component::Body, template.body_samples.as_deref().unwrap_or_default());
    for (place, button) in (0_u32..).zip(&template.buttons) {
        let Some(link) = button.url.as_deref().and_then(button_link) else { continue };
        if let Some(code) = objection(case, &link) {
            let mut objection = Objection::at(Component::ButtonUrl, Some(place), code);
            let length = button.url.as_deref().unwrap_or_default().chars().count() as u32;
            objection.place.span = Some(domain::traffic::Span { start: 0, end: length });
            case.object(told(objection, &link));
        }
    }
}

/// What a variable stands for is sent too: its sample tells where it will lead.
fn samples(case: &mut Case<'_>, component: Component, samples: &[String]) {
    let Some(part) = case.texts.part(component) else { return };
    for (place, sample) in samples.iter().enumerate() {
        for link in links_of(sample) {
            let Some(code) = objection(case, &link) else { continue };
            let objection = match part.variables.get(place) {
                Some(variable) => Objection::part(part, &variable.bytes, code),
                None => Objection::at(component, None, code),
            };
            case.object(told(objection, &link));
        }
    }
}

fn told(objection: Objection, link: &Link<'_>) -> Objection {
    match &link.host {
        Host::Name(name) => objection.text("host", name),
        Host::Address | Host::Variable => objection.text("host", link.text),
    }
}

fn objection(case: &Case<'_>, link: &Link<'_>) -> Option<LintCode> {
    let host = match &link.host {
        Host::Variable => return Some(LintCode::VariableHost),
        Host::Address => return Some(LintCode::NumericAddress),
        Host::Name(name) => name.as_str(),
    };
    if is_shortener(host) {
        return Some(LintCode::ShortenedLink);
    }
    if CHATS.contains(&host) {
        return Some(LintCode::ChatLink);
    }
    let verified = case.context.client.and_then(|client| client.verified_domains.as_deref())?;
    let is_own = |domain: &String| {
        let domain = domain.trim().to_ascii_lowercase();
        registrable(&domain).unwrap_or(&domain) == link.host.registrable().unwrap_or(host)
    };
    (!verified.is_empty() && !verified.iter().any(is_own)).then_some(LintCode::ForeignDomain)
}

/// Whether a host is a shortener, or below one.
fn is_shortener(host: &str) -> bool {
    let mut rest = Some(host);
    while let Some(name) = rest {
        if SHORTENERS.contains(name) {
            return true;
        }
        rest = name.split_once('.').map(|(_, parent)| parent);
    }
    false
}
