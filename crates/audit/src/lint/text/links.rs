//! Links in texts and on buttons: where they lead.

use std::ops::Range;

use psl::{Psl as _, Type};

/// Where a link leads, as far as the text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) enum Host {
    /// A name, in lower case and in ASCII.
    Name(String),
    /// An address of numbers.
    Address,
    /// A variable decides.
    Variable,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Link<'a> {
    /// Its bytes in the text; all of it for an address of a button.
    pub(in crate::lint) bytes: Range<usize>,
    pub(in crate::lint) host: Host,
    /// What stands there.
    pub(in crate::lint) text: &'a str,
}

impl Host {
    /// The domain that its owner registered (`www.shop.example.co.uk` → `example.co.uk`), by the Public Suffix List.
    pub(in crate::lint) fn registrable(&self) -> Option<&str> {
        match self {
            Self::Name(name) => registrable(name),
            Self::Address | Self::Variable => None,
        }
    }
}

/// The domain that its owner registered.
pub(in crate::lint) fn registrable(host: &str) -> Option<&str> {
    psl::domain_str(host)
}

/// The address of a button.
pub(in crate::lint) fn button_link(url: &str) -> Option<Link<'_>> {
    let text = url.trim();
    let host = host(authority(text).unwrap_or(text))?;
    Some(Link { bytes: 0..url.len(), host, text })
}

/// The links of a text: with a scheme, and without one when they look like nothing else.
pub(in crate::lint) fn find(text: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    let mut at = 0;
    for chunk in text.split_whitespace() {
        // Slices of one text: their distance is the place.
        let start = at + text[at..].find(chunk).unwrap_or(0);
        at = start + chunk.len();
        let from = chunk.find("://").map_or_else(|| leading(chunk), |scheme| start_of_scheme(chunk, scheme));
        let link = chunk[from..].trim_end_matches(CLOSING);
        if let Some(host) = host_in(link) {
            let bytes = start + from..start + from + link.len();
            links.push(Link { host, text: &text[bytes.clone()], bytes });
        }
    }
    links
}

fn leading(chunk: &str) -> usize {
    let trimmed = chunk.trim_start_matches(['(', '[', '"', '\'', '*', '_', '~', '«', '“', '‘', '<']);
    chunk.len() - trimmed.len()
}

fn start_of_scheme(chunk: &str, colon: usize) -> usize {
    let before = &chunk[..colon];
    colon - (before.len() - before.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len())
}

fn authority(link: &str) -> Option<&str> {
    link.split_once("://").map(|(_, rest)| rest)
}

fn host_in(link: &str) -> Option<Host> {
    if let Some((scheme, rest)) = link.split_once("://") {
        return (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")).then(|| host(rest))?;
    }
    let name = name_of(link);
    if name.len() == link.len() && link.contains('@') || name.contains(['@', '{']) || !name.contains('.') {
        return None;
    }
    // "domani.Ti aspettiamo" is two sentences, "10.30" a time: without a scheme a link must look like one.
    let plain =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let suffix = psl::List.suffix(name.as_bytes())?;
    let known = suffix.is_known() && suffix.typ() == Some(Type::Icann);
    let has_path = link.len() > name.len() && link[name.len()..].starts_with('/');
    let certain = name.starts_with("www.") || has_path || COMMON.contains(&suffix.as_bytes());
    if !known || !certain || !plain && !name.to_ascii_lowercase().starts_with("www.") && !has_path {
        return None;
    }
    host(link)
}

/// What follows a link without being part of it.
const CLOSING: [char; 17] = ['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '*', '_', '~', '»', '”', '’', '…'];

/// Suffixes that no word after a full stop is likely to be.
const COMMON: [&[u8]; 10] = [b"com", b"net", b"org", b"eu", b"shop", b"store", b"app", b"co.uk", b"online", b"info"];

fn name_of(link: &str) -> &str {
    link.split(['/', '?', '#', ':']).next().unwrap_or(link)
}

/// The host of what follows a scheme.
fn host(rest: &str) -> Option<Host> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let name = authority.rsplit('@').next().unwrap_or(authority);
    // A variable below a fixed domain (`{{1}}.example.com`) leads to that domain.
    let fixed = name.rfind("}}").map_or(name, |end| name[end + 2..].trim_start_matches('.'));
    if name.contains("{{") && (fixed.len() == name.len() || registrable(fixed).is_none()) {
        return Some(Host::Variable);
    }
    let fixed = fixed.split(':').next().unwrap_or(fixed);
    match url::Host::parse(fixed.trim_end_matches('.')).ok()? {
        url::Host::Domain(name) => name.contains('.').then_some(Host::Name(name)),
        url::Host::Ipv4(_) | url::Host::Ipv6(_) => Some(Host::Address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<String> {
        find(text)
            .into_iter()
            .map(|link| match link.host {
                Host::Name(name) => name,
                Host::Address => "#".into(),
                Host::Variable => "{}".into(),
            })
            .collect()
    }

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        assert_eq!(hosts("Vai su https://www.Aurora.example.it/p?a=1, grazie"), ["www.aurora.example.it"]);
        assert_eq!(hosts("(bit.ly/abc) o www.aurora.it."), ["bit.ly", "www.aurora.it"]);
        assert_eq!(hosts("aurora-shop.com!"), ["aurora-shop.com"]);
        assert_eq!(hosts("Link:https://aurora.it/{{1}}"), ["aurora.it"]);
        assert_eq!(
            hosts("https://{{1}} https://{{1}}.aurora.it/x https://user@aurora.it:8080/"),
            ["{}", "aurora.it", "aurora.it"]
        );
        assert_eq!(hosts("http://192.168.0.1/a"), ["#"]);
        assert_eq!(hosts("https://bücher.example.com"), ["xn--bcher-kva.example.com"]);
    }

    #[test]
    fn what_only_looks_like_a_link_is_none() {
        for text in [
            "domani.Ti aspettiamo",
            "10.30",
            "info@aurora.it",
            "v2.0",
            "a...b",
            "ordine n.5",
            "S.r.l.",
            "sì.no",
            "mailto:a@b.it",
        ] {
            assert!(hosts(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_registered_domain_is_told_from_its_suffix() {
        let of = |url| button_link(url).and_then(|link| link.host.registrable().map(str::to_owned));
        assert_eq!(of("https://shop.example.co.uk/a").as_deref(), Some("example.co.uk"));
        assert_eq!(of("shop.example.com/{{1}}").as_deref(), Some("example.com"));
        assert_eq!(of("https://{{1}}"), None);
    }
}
