//! The Graph API, read only: what stands of an account, its numbers and templates, what keeps it from sending, and how much Meta
//! counted.
//!
//! Read as tolerantly as webhooks. A call is tried again when nothing usable was answered; that there were too many calls, and that the
//! token is not good, is told at once: the first is a matter of time, the second one for a person.

#[cfg(any(test, feature = "fake"))]
pub mod fake;
mod http;
mod read;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

pub use http::HttpGraph;
pub use read::{AccountState, Health, NumberState, TemplateState, Volume};

use crate::ReadError;

/// Version of the API that is asked.
pub const VERSION: &str = "v25.0";
/// Attempts of a call that nothing usable answered.
const ATTEMPTS: u32 = 3;
/// Pages of a list at most; a page has 100 entries, and an account 6,000 templates.
const PAGES: usize = 64;

/// Codes by which Meta says that there were too many calls.
const TOO_MANY: [i64; 4] = [4, 17, 613, 80_007];
/// The one among them that is about one account; the others are about the app or the token.
const TOO_MANY_OF_ACCOUNT: i64 = 80_007;
/// Codes by which Meta says that the token has ended, or is none.
const TOKEN: [i64; 5] = [0, 102, 190, 463, 467];
/// Codes by which Meta says that the token may not do this; 200 to 299 say so too.
const PERMISSION: [i64; 2] = [3, 10];

/// Why something could not be learned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The token has ended: whoever keeps it must renew it.
    #[error("the token is not good any more (code {code}): renew it, with whatsapp_business_management")]
    Token {
        /// Meta's code.
        code: i64,
    },
    /// The token may not look at this: whoever has the account must share it.
    #[error("the token may not look at this account (code {code}): have it shared with the token's business")]
    Permission {
        /// Meta's code.
        code: i64,
    },
    /// There were too many calls; later ones may succeed.
    #[error("Meta takes no more calls now (code {code}): ask later")]
    TooMany {
        /// Meta's code.
        code: i64,
        /// How long Meta says that it takes, when it does.
        wait: Option<Duration>,
    },
    /// Meta refused the call.
    #[error("Meta refused the call (status {status}, code {code}, trace {trace})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Meta's code; 0 when there is none.
        code: i64,
        /// `fbtrace_id`, for Meta's support.
        trace: String,
    },
    /// Nothing, or nothing usable, was answered.
    #[error("the Graph API cannot be reached: {reason}")]
    Unreachable {
        /// Why.
        reason: String,
    },
    /// The answer is none.
    #[error("the answer cannot be read: {0}")]
    Unreadable(#[from] ReadError),
}

impl GraphError {
    /// Whether calls about other accounts would be refused as well: the token is the same, and so is the app whose calls are counted.
    #[must_use]
    pub const fn is_of_all_accounts(&self) -> bool {
        match self {
            Self::Token { .. } => true,
            Self::TooMany { code, .. } => *code != TOO_MANY_OF_ACCOUNT,
            _ => false,
        }
    }

    /// Whether the same call may succeed a moment later.
    const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => *status >= 500,
            Self::Token { .. } | Self::Permission { .. } | Self::TooMany { .. } | Self::Unreadable(_) => false,
        }
    }
}

/// An answer of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body; `null` when it is no JSON.
    pub body: Value,
    /// How long no more calls are taken, when Meta says so (`X-Business-Use-Case-Usage`).
    pub wait: Option<Duration>,
    /// Percent of the app's calls that are used up, as far as Meta says (`X-App-Usage`): of their number, or of the time that they took.
    pub app_usage: u8,
}

/// Who answers: Meta over HTTP, or something that stands for it.
#[async_trait]
pub trait GraphApi: fmt::Debug + Send + Sync {
    /// What stands at `path` (`102290129340398/phone_numbers`).
    ///
    /// # Errors
    /// [`GraphError::Unreachable`]
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, GraphError>;
}

/// A client of the Graph API. Cheap to clone.
#[derive(Debug, Clone)]
pub struct GraphClient {
    api: Arc<dyn GraphApi>,
    /// The pause before the first repetition; it grows.
    pause: Duration,
    /// As the last answer told it.
    app_usage: Arc<AtomicU8>,
}

impl GraphClient {
    /// A client that asks `api`, and waits for `pause` before it asks the same again.
    pub fn new(api: Arc<dyn GraphApi>, pause: Duration) -> Self {
        Self { api, pause, app_usage: Arc::default() }
    }

    /// Percent of the app's calls that were used up at the last answer. Other programs use the same app: the gateway, first of all.
    #[must_use]
    pub fn app_usage(&self) -> u8 {
        self.app_usage.load(Ordering::Relaxed)
    }

    /// What stands of an account, and what keeps it from sending.
    ///
    /// # Errors
    /// [`GraphError`]
    pub async fn account(&self, waba: &str) -> Result<AccountState, GraphError> {
        const FIELDS: &str = "id,name,account_review_status,business_verification_status,status,health_status,\
                              whatsapp_business_manager_messaging_limit,owner_business_info";
        Ok(AccountState::read(self.get(waba, &[("fields", FIELDS)]).await?)?)
    }

    /// The numbers of an account.
    ///
    /// # Errors
    /// [`GraphError`]
    pub async fn numbers(&self, waba: &str) -> Result<Vec<NumberState>, GraphError> {
        const FIELDS: &str = "id,display_phone_number,verified_name,status,quality_rating,name_status,throughput,\
                              health_status,whatsapp_business_manager_messaging_limit";
        let all = self.list(&format!("{waba}/phone_numbers"), &[("fields", FIELDS)]).await?;
        // An entry that is none keeps no other from being read.
        Ok(all.into_iter().filter_map(|number| NumberState::read(number).ok()).collect())
    }

    /// The templates of an account.
    ///
    /// # Errors
    /// [`GraphError`]
    pub async fn templates(&self, waba: &str) -> Result<Vec<TemplateState>, GraphError> {
        const FIELDS: &str =
            "id,name,language,category,correct_category,status,quality_score,components,rejected_reason";
        let all = self.list(&format!("{waba}/message_templates"), &[("fields", FIELDS)]).await?;
        Ok(all.into_iter().filter_map(TemplateState::read).collect())
    }

    /// How many messages Meta counted from `from` to `to`, by day, the earliest first.
    ///
    /// # Errors
    /// [`GraphError`]
    pub async fn volumes(&self, waba: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Volume>, GraphError> {
        let fields = format!("analytics.start({}).end({}).granularity(DAY)", from.timestamp(), to.timestamp());
        Ok(Volume::read_all(&self.get(waba, &[("fields", &fields)]).await?))
    }

    async fn list(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>, GraphError> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let mut query = query.to_vec();
            query.push(("limit", "100"));
            if let Some(after) = &after {
                query.push(("after", after));
            }
            let mut page = self.get(path, &query).await?;
            if let Some(Value::Array(items)) = page.get_mut("data").map(Value::take) {
                all.extend(items);
            }
            let more = page.pointer("/paging/next").is_some();
            after = page.pointer("/paging/cursors/after").and_then(Value::as_str).map(str::to_owned).filter(|_| more);
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }

    /// One call, tried again when that may help.
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, GraphError> {
        let mut pause = self.pause;
        for _ in 1..ATTEMPTS {
            match self.once(path, query).await {
                Err(error) if error.may_pass() => {}
                answer => return answer,
            }
            tokio::time::sleep(pause).await;
            pause *= 4;
        }
        self.once(path, query).await
    }

    async fn once(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, GraphError> {
        let answer = self.api.get(path, query).await?;
        self.app_usage.store(answer.app_usage, Ordering::Relaxed);
        if answer.status == 200 && answer.body.is_object() && answer.body.get("error").is_none() {
            return Ok(answer.body);
        }
        Err(refusal(&answer))
    }
}

fn refusal(answer: &Answer) -> GraphError {
    let (status, body) = (answer.status, &answer.body);
    let code = body.pointer("/error/code").and_then(Value::as_i64).unwrap_or_default();
    let has_code = body.pointer("/error/code").is_some();
    if (has_code && TOO_MANY.contains(&code)) || status == 429 {
        return GraphError::TooMany { code, wait: answer.wait };
    }
    if (has_code && TOKEN.contains(&code)) || status == 401 {
        return GraphError::Token { code };
    }
    if PERMISSION.contains(&code) || (200..300).contains(&code) {
        return GraphError::Permission { code };
    }
    let trace = body.pointer("/error/fbtrace_id").and_then(Value::as_str).unwrap_or_default();
    let trace = trace.chars().filter(char::is_ascii_graphic).take(64).collect();
    GraphError::Refused { status, code, trace }
}
