//! Reports of mail servers that a mail did not arrive (RFC 3464).

use domain::accounts::User;
use mail_parser::{Message as Parsed, MessageParser, MimeHeaders as _, PartType};

/// A mail of ours that did not arrive.
#[derive(Clone, PartialEq, Eq)]
pub struct Bounce {
    /// To whom it went, when the report says so.
    pub recipient: Option<String>,
    /// The id of our mail, when the report returns its header.
    pub original: Option<String>,
    /// Whether trying again is in vain.
    pub is_permanent: bool,
}

impl std::fmt::Debug for Bounce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bounce").field("is_permanent", &self.is_permanent).finish_non_exhaustive()
    }
}

/// The report, if the mail is one.
pub(super) fn read(mail: &Parsed<'_>) -> Option<Bounce> {
    let kind = mail.content_type()?;
    let is_report = kind.ctype().eq_ignore_ascii_case("multipart")
        && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
        && kind.attribute("report-type").is_some_and(|report| report.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let mut bounce = Bounce { recipient: None, original: None, is_permanent: false };
    for part in &mail.parts {
        if part.is_content_type("message", "delivery-status") {
            status(&String::from_utf8_lossy(part.contents()), &mut bounce);
        } else if part.is_content_type("text", "rfc822-headers") {
            bounce.original = MessageParser::default()
                .parse(part.contents())
                .and_then(|returned| returned.message_id().map(str::to_owned));
        } else if let PartType::Message(returned) = &part.body {
            bounce.original = returned.message_id().map(str::to_owned);
        }
    }
    Some(bounce)
}

fn status(text: &str, bounce: &mut Bounce) {
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let (mut failed, mut permanent) = (false, false);
    for (name, value) in fields {
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "final-recipient" => {
                bounce.recipient = value.split_once(';').and_then(|(_, address)| User::normal_email(address));
            }
            "action" => failed = value.eq_ignore_ascii_case("failed"),
            "status" => permanent = value.starts_with('5'),
            _ => {}
        }
    }
    bounce.is_permanent = failed && permanent;
}
