//! Mail that comes in: what somebody wrote anew, who wrote it, and whether a person wrote it at all.
//!
//! Refuses to believe: that the sender is who it says, and that the reply address was not guessed, are for the caller to check.

mod report;
mod words;

use domain::accounts::User;
use mail_parser::{Address, Message as Parsed, MessageParser, MimeHeaders as _};

pub use report::Bounce;
pub use words::new_words;

/// Files of one mail that are looked at.
const MOST_FILES: usize = 20;
/// Addresses of one mail that are looked at.
const MOST_ADDRESSES: usize = 100;

/// A file that came with a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingFile {
    /// As the sender calls it: for people, never for paths.
    pub name: String,
    /// As the sender calls it.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for IncomingFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IncomingFile({} bytes)", self.bytes.len())
    }
}

/// A mail that came in.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Its id, without angle brackets.
    pub id: Option<String>,
    /// Who wrote it, in the form in which addresses are compared; nobody when it is not one person.
    pub from: Option<String>,
    /// Every address that it was sent to, in the same form.
    pub to: Vec<String>,
    /// What was written anew, without what it answers and without signature; plain text.
    pub text: String,
    /// What came with it: the first files, when there are many.
    pub files: Vec<IncomingFile>,
    /// How many more there were.
    pub more_files: usize,
    /// Whether a program wrote it: an answering machine, a list, a mail server.
    pub is_automatic: bool,
    /// That a mail of ours did not arrive, when it says so.
    pub bounce: Option<Bounce>,
}

/// Without addresses and text.
impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming")
            .field("files", &self.files)
            .field("more_files", &self.more_files)
            .field("is_automatic", &self.is_automatic)
            .field("is_bounce", &self.bounce.is_some())
            .finish_non_exhaustive()
    }
}

/// Bytes that are no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no mail: it has no header that could be read")]
pub struct Unreadable;

/// Reads a mail (RFC 5322), tolerantly.
///
/// # Errors
/// It has no header at all.
pub fn read(bytes: &[u8]) -> Result<Incoming, Unreadable> {
    let mail = MessageParser::default().parse(bytes).filter(|mail| !mail.headers().is_empty()).ok_or(Unreadable)?;
    let bounce = report::read(&mail);
    Ok(Incoming {
        id: mail.message_id().map(str::to_owned),
        from: sender(&mail),
        to: recipients(&mail),
        text: new_words(&mail.body_text(0).unwrap_or_default()),
        files: files(&mail),
        more_files: mail.attachments().count().saturating_sub(MOST_FILES),
        is_automatic: bounce.is_some() || is_automatic(&mail),
        bounce,
    })
}

fn sender(mail: &Parsed<'_>) -> Option<String> {
    let mut addresses = mail.from()?.iter();
    let first = addresses.next()?.address()?;
    if addresses.next().is_some() { None } else { User::normal_email(first) }
}

fn recipients(mail: &Parsed<'_>) -> Vec<String> {
    let listed = [mail.to(), mail.cc()];
    let listed = listed.into_iter().flatten().flat_map(Address::iter).filter_map(|address| address.address());
    // Where the mail server put it, when nobody wrote our address: a blind copy, a redirection.
    let delivered = ["Delivered-To", "X-Original-To", "Envelope-To"]
        .into_iter()
        .filter_map(|name| said(mail, name))
        .map(|value| value.trim_matches(['<', '>']));
    listed.chain(delivered).take(MOST_ADDRESSES).filter_map(User::normal_email).collect()
}

fn files(mail: &Parsed<'_>) -> Vec<IncomingFile> {
    let file = |part: &mail_parser::MessagePart<'_>| {
        let media_type = part.content_type().map_or_else(
            || "application/octet-stream".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")).to_lowercase(),
        );
        let name =
            part.attachment_name().unwrap_or("file").chars().filter(|sign| !sign.is_control()).take(200).collect();
        IncomingFile { name, media_type, bytes: part.contents().to_vec() }
    };
    mail.attachments().take(MOST_FILES).map(file).collect()
}

/// Headers by which programs say that they are programs, whatever they say in them.
const MARKS: &[&str] = &["List-Id", "X-Loop", "X-Autoreply", "X-Autorespond", "X-Autorespond-To"];
/// Mailboxes behind which there is no person.
const PROGRAMS: &[&str] = &["mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply"];

/// What a header says, as it stands there.
fn said<'m>(mail: &'m Parsed<'_>, name: &str) -> Option<&'m str> {
    mail.headers_raw().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn is_automatic(mail: &Parsed<'_>) -> bool {
    let lower = |name| said(mail, name).map(str::to_ascii_lowercase);
    let auto_submitted = lower("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let precedence = lower("Precedence");
    let bulk = matches!(precedence.as_deref(), Some("bulk" | "junk" | "list" | "auto_reply"));
    let no_way_back = said(mail, "Return-Path") == Some("<>");
    let program = sender(mail).is_some_and(|from| {
        PROGRAMS.iter().any(|name| from.split_once('@').is_some_and(|(mailbox, _)| mailbox == *name))
    });
    auto_submitted || bulk || no_way_back || program || MARKS.iter().any(|name| said(mail, name).is_some())
}

#[cfg(test)]
mod tests;
