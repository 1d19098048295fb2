//! Meta over HTTP.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use serde_json::Value;

use super::{Answer, GraphApi, GraphError, VERSION};

/// Largest answer.
const LARGEST: usize = 8 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The header in which Meta says how much of the calls of an account is used up.
const USAGE: &str = "x-business-use-case-usage";
/// The header in which it says how much of the calls of the app is.
const APP_USAGE: &str = "x-app-usage";

/// The Graph API at an address, asked with one token.
#[derive(Clone)]
pub struct HttpGraph {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// Shows no token.
impl fmt::Debug for HttpGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpGraph").field("base", &self.base).finish_non_exhaustive()
    }
}

impl HttpGraph {
    /// The API at `base` (`https://graph.facebook.com`).
    ///
    /// # Errors
    /// No requests can be made.
    pub fn new(base: &str, token: &str) -> Result<Self, GraphError> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| unreachable(&error))?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), token: token.to_owned() })
    }
}

#[async_trait]
impl GraphApi for HttpGraph {
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, GraphError> {
        let url = format!("{}/{VERSION}/{path}", self.base);
        let sent = self.http.get(url).bearer_auth(&self.token).query(query).send().await;
        let mut answer = sent.map_err(|error| unreachable(&error))?;
        let status = answer.status().as_u16();
        let (wait, app_usage) = usage(answer.headers());
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable(&error))? {
            if bytes.len() + chunk.len() > LARGEST {
                let reason = "the answer is larger than any that makes sense".to_owned();
                return Err(GraphError::Unreachable { reason });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), wait, app_usage })
    }
}

/// How long to wait, and how much of the app's calls is used up, as far as headers tell.
fn usage(headers: &reqwest::header::HeaderMap) -> (Option<Duration>, u8) {
    let told = |name: &str| headers.get(name).and_then(|usage| usage.to_str().ok());
    (told(USAGE).and_then(wait), told(APP_USAGE).map_or(0, app_usage))
}

/// The longest time that the header tells to wait: minutes, for each object and use that it names.
fn wait(usage: &str) -> Option<Duration> {
    let usage: Value = serde_json::from_str(usage).ok()?;
    let uses = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    let minutes = uses.filter_map(|one| one.get("estimated_time_to_regain_access")?.as_u64()).max()?;
    // More than a day is no time to believe in.
    (minutes > 0).then(|| Duration::from_secs(60 * minutes.min(24 * 60)))
}

/// The largest of the percentages that the header tells.
fn app_usage(usage: &str) -> u8 {
    let usage: Value = serde_json::from_str(usage).unwrap_or_default();
    let percents = usage.as_object().into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_f64);
    // Beyond what is allowed there is nothing left to tell apart.
    percents.fold(0.0, f64::max).clamp(0.0, 100.0) as u8
}

/// Without the address, which carries what was asked.
fn unreachable(error: &reqwest::Error) -> GraphError {
    let reason = if error.is_timeout() {
        "it does not answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the answer was cut off"
    };
    GraphError::Unreachable { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_counts_and_rubbish_is_none() {
        let usage = r#"{"102":[{"call_count":100,"estimated_time_to_regain_access":7},{"call_count":1}],"103":[]}"#;
        assert_eq!(wait(usage), Some(Duration::from_mins(7)));
        for rubbish in ["", "[]", "{}", r#"{"102":[{"estimated_time_to_regain_access":0}]}"#, r#"{"102":7}"#] {
            assert_eq!(wait(rubbish), None, "{rubbish}");
        }
    }

    #[test]
    fn of_the_uses_of_an_app_the_largest_counts() {
        assert_eq!(app_usage(r#"{"call_count":28,"total_time":91.7,"total_cputime":25}"#), 91);
        assert_eq!(app_usage(r#"{"call_count":400}"#), 100);
        for rubbish in ["", "[]", "{}", "7", r#"{"call_count":"many"}"#, r#"{"call_count":-3}"#] {
            assert_eq!(app_usage(rubbish), 0, "{rubbish}");
        }
    }
}
