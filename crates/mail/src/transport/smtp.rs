//! A mail server, by SMTP with TLS of rustls.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    transport::smtp::{
        PoolConfig, authentication::Credentials, client::Tls as LettreTls, client::TlsParameters, extension::ClientId,
    },
};

use super::{SendError, Transport, TransportError};
use crate::Message;

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections that are kept.
const CONNECTIONS: u32 = 4;

/// How the connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte on (port 465).
    Implicit,
    /// By STARTTLS, and not at all when the server has none (port 587).
    StartTls,
    /// Not: for a server on the same machine.
    None,
}

/// A mail server.
#[derive(Clone)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: Tls,
    /// Name and password, when it wants them.
    pub credentials: Option<(String, String)>,
    /// By what name we greet it.
    pub hello: String,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// Sends by SMTP; keeps connections open for the next message.
#[derive(Debug)]
pub struct SmtpTransport {
    inner: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpTransport {
    /// To `server`; it is not spoken to yet.
    ///
    /// # Errors
    /// The TLS of this machine cannot be used.
    pub fn new(server: &Server) -> Result<Self, TransportError> {
        let parameters =
            || TlsParameters::new(server.host.clone()).map_err(|error| TransportError::Tls(error.to_string()));
        let tls = match server.tls {
            Tls::Implicit => LettreTls::Wrapper(parameters()?),
            Tls::StartTls => LettreTls::Required(parameters()?),
            Tls::None => LettreTls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .hello_name(ClientId::Domain(server.hello.clone()))
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if let Some((name, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Self { inner: builder.build() })
    }
}

fn failure(error: &lettre::transport::smtp::Error) -> SendError {
    match error.status().map(u16::from) {
        // It does not let us in: the operator's to mend, and no word on the mail.
        Some(code @ (530 | 534 | 535 | 538)) => SendError::Later(code),
        Some(code) if error.is_permanent() => SendError::Refused(code),
        Some(code) => SendError::Later(code),
        None => SendError::Unreachable,
    }
}

#[async_trait]
impl Transport for SmtpTransport {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let message = message.build()?;
        self.inner.send(message).await.map(drop).map_err(|error| failure(&error))
    }

    async fn check(&self) -> Result<(), SendError> {
        match self.inner.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SendError::Unreachable),
            Err(error) => Err(failure(&error)),
        }
    }
}
