//! A letter with its addresses and headers, as it goes over the wire.

use std::time::SystemTime;

use domain::Instant;
use lettre::{
    Address,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use crate::{Letter, transport::SendError};

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name, for people; may be empty.
    pub name: String,
    /// Address.
    pub email: String,
}

impl Person {
    fn mailbox(&self) -> Result<Mailbox, SendError> {
        let address: Address = self.email.parse().map_err(|_| SendError::Address)?;
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
    }
}

/// Which conversation a message belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Id of the conversation, the same in all its messages, without angle brackets: no message has it.
    pub root: String,
}

/// A message. Sent again, it is the same message: its id tells mail programs so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Unique, without angle brackets: `dlv_01j…@host`.
    pub id: String,
    /// Who writes.
    pub from: Person,
    /// Who reads.
    pub to: Person,
    /// Where answers go, when not to who writes.
    pub reply_to: Option<String>,
    /// When it was written.
    pub at: Instant,
    /// What it says.
    pub letter: Letter,
    /// Its conversation.
    pub thread: Option<Thread>,
    /// Address at which a POST ends messages of its kind (RFC 8058).
    pub unsubscribe: Option<String>,
}

impl Message {
    /// The message as lettre sends it.
    pub(crate) fn build(&self) -> Result<lettre::Message, SendError> {
        let mut builder = lettre::Message::builder()
            .message_id(Some(format!("<{}>", self.id)))
            .from(self.from.mailbox()?)
            .to(self.to.mailbox()?)
            .date(SystemTime::from(self.at))
            .subject(self.letter.subject.as_str())
            .header(AutoSubmitted)
            .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()))
            .raw_header(raw("Content-Language", self.letter.lang.to_string()));
        if let Some(address) = &self.reply_to {
            builder = builder.reply_to(Person { name: self.from.name.clone(), email: address.clone() }.mailbox()?);
        }
        if let Some(thread) = &self.thread {
            let root = format!("<{}>", thread.root);
            builder = builder.in_reply_to(root.clone()).references(root);
        }
        if let Some(address) = &self.unsubscribe {
            builder = builder
                .raw_header(raw("List-Unsubscribe", format!("<{address}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let body = MultiPart::alternative_plain_html(self.letter.text(), self.letter.html());
        builder.multipart(body).map_err(|_| SendError::Address)
    }
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// RFC 3834: programs that answer mail do not answer this one.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        raw("Auto-Submitted", "auto-generated".to_owned())
    }
}
