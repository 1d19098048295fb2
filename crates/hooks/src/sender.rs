//! Carrying a webhook: one POST, without redirections, bounded in time and in what is read of the answer.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::Instant;
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};

use crate::{
    Secret,
    address::{Allowed, check_url},
    sign,
};

/// How long one attempt may take in all.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the connection may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// Bytes of the answer that are read: what it says does not matter.
const READ: usize = 16 << 10;

/// A webhook to be carried.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where to.
    pub url: String,
    /// Its id: the same at every attempt.
    pub id: String,
    /// When the attempt is made.
    pub at: Instant,
    /// What it says: JSON.
    pub body: Vec<u8>,
    /// What signs it.
    pub secrets: Vec<Secret>,
}

/// Why a webhook was not taken. Texts hold no address and no word of the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It was answered otherwise than with success.
    #[error("the endpoint answered with status {0}")]
    Status(u16),
    /// It was not answered in time.
    #[error("the endpoint did not answer in time")]
    Timeout,
    /// It could not be connected to, by a connection that may be trusted.
    #[error("the endpoint cannot be reached")]
    Unreachable,
    /// Its name stands for an address that webhooks may not go to.
    #[error("the endpoint's address is not on the public internet")]
    Private,
}

/// A sender that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the client for webhooks cannot be made; check the certificates of this machine")]
pub struct SenderError;

/// Carries webhooks.
#[async_trait]
pub trait Sender: fmt::Debug + Send + Sync {
    /// Carries one; success is an answer from 200 to 299.
    async fn post(&self, webhook: &Webhook) -> Result<(), PostError>;

    /// Which addresses it carries to.
    fn allowed(&self) -> Allowed;
}

/// The headers of a webhook.
fn headers(webhook: &Webhook) -> Option<HeaderMap> {
    let value = |text: String| HeaderValue::try_from(text).ok();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HeaderName::from_static("webhook-id"), value(webhook.id.clone())?);
    headers.insert(HeaderName::from_static("webhook-timestamp"), value(webhook.at.timestamp().to_string())?);
    let signature = sign(&webhook.secrets, &webhook.id, webhook.at, &webhook.body);
    headers.insert(HeaderName::from_static("webhook-signature"), value(signature)?);
    Some(headers)
}

/// By HTTP.
#[derive(Debug, Clone)]
pub struct HttpSender {
    client: Client,
    allowed: Allowed,
}

impl HttpSender {
    /// To `allowed` addresses.
    ///
    /// # Errors
    /// The TLS of this machine cannot be used.
    pub fn new(allowed: Allowed) -> Result<Self, SenderError> {
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy would resolve names itself, and reach what we refuse.
            .no_proxy()
            .timeout(PATIENCE)
            .connect_timeout(CONNECTING)
            .pool_max_idle_per_host(1)
            .user_agent(concat!("Sblocco/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Guard(allowed)))
            .build()
            .map_err(|_| SenderError)?;
        Ok(Self { client, allowed })
    }
}

#[async_trait]
impl Sender for HttpSender {
    async fn post(&self, webhook: &Webhook) -> Result<(), PostError> {
        // An address in numbers is connected to without asking the guard.
        let url = check_url(&webhook.url, self.allowed).map_err(|_| PostError::Private)?;
        let headers = headers(webhook).ok_or(PostError::Unreachable)?;
        let sent = self.client.post(url).headers(headers).body(webhook.body.clone()).send().await;
        let mut answer = sent.map_err(|error| failure(&error))?;
        let status = answer.status();
        // Read a little, so that the connection can be used again.
        let mut read = 0;
        while let Ok(Some(chunk)) = answer.chunk().await {
            read += chunk.len();
            if read > READ {
                break;
            }
        }
        if status.is_success() { Ok(()) } else { Err(PostError::Status(status.as_u16())) }
    }

    fn allowed(&self) -> Allowed {
        self.allowed
    }
}

fn failure(error: &reqwest::Error) -> PostError {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = source {
        if cause.is::<Refused>() {
            return PostError::Private;
        }
        source = cause.source();
    }
    if error.is_timeout() { PostError::Timeout } else { PostError::Unreachable }
}

/// Resolves names, and lets through only addresses that are allowed. The connection is made to what was let through, and not to
/// what the name may stand for a moment later.
#[derive(Debug, Clone, Copy)]
struct Guard(Allowed);

#[derive(Debug, thiserror::Error)]
#[error("the name stands for no address that is allowed")]
struct Refused;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One that is not allowed among others is somebody's attempt, not a mistake.
            if found.is_empty() || !found.iter().all(|address| allowed.admits(address.ip())) {
                return Err(Refused.into());
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(any(test, feature = "testing"))]
pub use memory::MemorySender;

#[cfg(any(test, feature = "testing"))]
mod memory {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use async_trait::async_trait;

    use super::{Allowed, PostError, Sender, Webhook};

    /// The fake: keeps what it is given, and fails as it is told.
    #[derive(Debug, Default)]
    pub struct MemorySender {
        kept: Mutex<Kept>,
    }

    #[derive(Debug, Default)]
    struct Kept {
        webhooks: Vec<Webhook>,
        fails_with: Option<PostError>,
    }

    impl MemorySender {
        fn kept(&self) -> MutexGuard<'_, Kept> {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// What was taken so far.
        pub fn sent(&self) -> Vec<Webhook> {
            self.kept().webhooks.clone()
        }

        /// Takes nothing more, for this reason; `None`: takes everything again.
        pub fn fail_with(&self, error: Option<PostError>) {
            self.kept().fails_with = error;
        }
    }

    #[async_trait]
    impl Sender for MemorySender {
        async fn post(&self, webhook: &Webhook) -> Result<(), PostError> {
            let mut kept = self.kept();
            if let Some(error) = kept.fails_with {
                return Err(error);
            }
            kept.webhooks.push(webhook.clone());
            Ok(())
        }

        fn allowed(&self) -> Allowed {
            Allowed::Public
        }
    }
}

#[cfg(test)]
mod tests;
