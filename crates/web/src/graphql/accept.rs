//! Which media type the caller wants its answer in.

use axum::http::{HeaderMap, header::ACCEPT};

/// A media type in which GraphQL answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/graphql-response+json`: the status tells whether the document was executed.
    GraphqlResponse,
    /// `application/json`: 200 whenever the body is a GraphQL answer, as older clients expect.
    Json,
}

impl Media {
    /// Value of `Content-Type`.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    const fn subtype(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "graphql-response+json",
            Self::Json => "json",
        }
    }
}

/// How well a range fits: weight in thousandths, then specificity, then place in the list.
type Fit = (u16, u8, std::cmp::Reverse<usize>);

struct Range {
    main: String,
    sub: String,
    weight: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (main, sub) = parts.next()?.split_once('/')?;
        let mut weight = 1_000;
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else { continue };
            let value = value.trim().trim_matches('"');
            if name.trim().eq_ignore_ascii_case("q") {
                weight = weight_of(value)?;
            } else if name.trim().eq_ignore_ascii_case("charset") && !value.eq_ignore_ascii_case("utf-8") {
                return None;
            }
        }
        Some(Self { main: main.trim().to_ascii_lowercase(), sub: sub.trim().to_ascii_lowercase(), weight })
    }

    fn specificity(&self, media: Media) -> Option<u8> {
        match (self.main.as_str(), self.sub.as_str()) {
            ("*", "*") => Some(0),
            ("application", "*") => Some(1),
            ("application", sub) if sub == media.subtype() => Some(2),
            _ => None,
        }
    }
}

fn weight_of(text: &str) -> Option<u16> {
    let value: f32 = text.parse().ok()?;
    (0.0..=1.0).contains(&value).then_some((value * 1_000.0).round() as u16)
}

/// The media type with the highest priority among those listed; `application/json` when nothing or everything is. `None` when
/// neither is acceptable.
pub(crate) fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let listed: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if listed.iter().all(|value| value.trim().is_empty()) {
        return headers.get(ACCEPT).is_none_or(axum::http::HeaderValue::is_empty).then_some(Media::Json);
    }
    let ranges: Vec<Range> = listed.iter().flat_map(|value| value.split(',')).filter_map(Range::parse).collect();
    let fit = |media: Media| -> Option<Fit> {
        let best = ranges
            .iter()
            .enumerate()
            .filter_map(|(place, range)| Some((range.specificity(media)?, std::cmp::Reverse(place), range.weight)))
            .max_by_key(|(specificity, place, _)| (*specificity, *place))?;
        let (specificity, place, weight) = best;
        (weight > 0).then_some((weight, specificity, place))
    };
    match (fit(Media::Json), fit(Media::GraphqlResponse)) {
        (Some(json), Some(graphql)) => Some(if graphql > json { Media::GraphqlResponse } else { Media::Json }),
        (Some(_), None) => Some(Media::Json),
        (None, Some(_)) => Some(Media::GraphqlResponse),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(accept: &str) -> Option<Media> {
        negotiate(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_str(accept).unwrap())]))
    }

    #[test]
    fn the_highest_priority_listed_wins() {
        let (json, graphql) = (Some(Media::Json), Some(Media::GraphqlResponse));
        assert_eq!(negotiate(&HeaderMap::new()), json);
        for (accept, wanted) in [
            ("", json),
            ("*/*", json),
            ("application/*", json),
            ("application/json", json),
            ("application/json;charset=UTF-8", json),
            ("application/graphql-response+json", graphql),
            ("Application/GraphQL-Response+JSON; charset=utf-8", graphql),
            ("application/graphql-response+json, application/json;q=0.9", graphql),
            ("application/graphql-response+json;q=0.1, application/json", json),
            ("application/graphql-response+json, application/json", graphql),
            ("application/json, application/graphql-response+json", json),
            ("text/html, */*;q=0.1", json),
            ("application/json;q=0, */*", graphql),
            ("application/graphql-response+json;charset=latin1, application/json;q=0.1", json),
            ("text/html", None),
            ("application/json;q=0", None),
            ("nonsense", None),
        ] {
            assert_eq!(of(accept), wanted, "{accept}");
        }
    }
}
