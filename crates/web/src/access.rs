//! Who may come, from where, and how often: lists that the configuration gives.

use std::time::Duration;

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{
        ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
    },
};
use ipnet::IpNet;
use tower_http::{
    cors::{AllowOrigin, CorsLayer},
    set_header::SetResponseHeaderLayer,
};

use crate::buckets::Budget;

/// How long a browser may remember what it was allowed.
const PREFLIGHT: Duration = Duration::from_mins(10);

/// Who may come, from where, and how often.
#[derive(Debug, Clone)]
pub struct Access {
    /// Origins of pages that may use the API, such as `https://console.example.com`. Those of the server's own address may anyway.
    pub origins: Vec<HeaderValue>,
    /// Proxies whose word about the origin of a request is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What each network may send.
    pub requests: Budget,
    /// Whether users reach the server by HTTPS alone.
    pub https: bool,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            requests: Budget { capacity: 1_000, restored: 100 },
            https: false,
        }
    }
}

impl Access {
    /// What tells browsers which pages may use the API: those of the list, by name, and never with credentials of the browser's own.
    pub(crate) fn cors(&self) -> CorsLayer {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(self.origins.iter().cloned()))
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, IDEMPOTENCY_KEY, VIEW_AS])
            .expose_headers([RETRY_AFTER, REPLAYED, HeaderName::from_static("x-request-id")])
            .max_age(PREFLIGHT)
    }

    /// Tells browsers to come by HTTPS from now on, where that is how they come.
    pub(crate) fn transport_security(&self) -> SetResponseHeaderLayer<Option<HeaderValue>> {
        let year = self.https.then(|| HeaderValue::from_static("max-age=31536000"));
        SetResponseHeaderLayer::if_not_present(STRICT_TRANSPORT_SECURITY, year)
    }

    /// Whether a page may open a socket: browsers ask nobody before they do. Programs name no origin.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return true };
        if self.origins.contains(origin) {
            return true;
        }
        let host = |value: &HeaderValue| value.to_str().ok().map(str::to_ascii_lowercase);
        let own = headers.get(HOST).and_then(host);
        let asked = host(origin);
        let asked = asked.as_deref().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
        own.is_some() && own.as_deref() == asked
    }
}

/// Names an operation that is to be done once, however often it is sent.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// On an answer that was given before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// With which staff look at what a client sees.
pub(crate) const VIEW_AS: HeaderName = HeaderName::from_static("x-view-as-client");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_site_opens_no_socket() {
        let access =
            Access { origins: vec![HeaderValue::from_static("https://console.example.com")], ..Access::default() };
        let admits = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("api.example.com:8480"))]);
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            access.admits(&headers)
        };
        for good in [None, Some("https://console.example.com"), Some("https://API.example.com:8480")] {
            assert!(admits(good), "{good:?}");
        }
        for bad in
            ["https://evil.example", "https://api.example.com", "null", "", "https://console.example.com.evil.example"]
        {
            assert!(!admits(Some(bad)), "{bad}");
        }
    }
}
