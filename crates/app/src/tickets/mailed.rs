//! A reply that came by mail: the same as any other, with the files that came with it, and written once however often the mail comes
//! in.

use std::io::Write as _;

use domain::{
    TicketId,
    access::Permission,
    tickets::{Attachment, Ticket, TicketEventVisibility},
};
use i18n::{Args, Lang};
use mail::IncomingFile;
use store::incoming_mails::IncomingMail;

use super::{
    TicketCode,
    attachments::{self, LARGEST_ATTACHMENT, MOST_ATTACHMENTS, NewAttachment, may_attach},
    change::{Target, begin, finish, refuse, text},
    converse::{LONGEST_TEXT, said},
};
use crate::{OpCtx, OpError};

/// What a mail says.
#[derive(Debug)]
pub(crate) struct MailedReply<'a> {
    /// What makes the mail one.
    pub(crate) mail: &'a str,
    /// What was written anew.
    pub(crate) text: String,
    /// What came with it.
    pub(crate) files: Vec<IncomingFile>,
    /// How many files more came than are looked at.
    pub(crate) more_files: usize,
}

/// Longest text of a mail that stands in the reply itself, in characters: beside it there must be room for the names of files.
const LONGEST_WORDS: usize = 14_000;

/// What holds a longer text as a whole.
const WHOLE: &str = "message.txt";

/// Writes a public reply of a person; `None` when that mail was one already. Files are stored first: a failure leaves objects that
/// nothing names, which are swept. Those that are not taken are named in the reply. A text that is too long for a reply is cut, and
/// kept as a file: what somebody has answered is not lost.
///
/// # Errors
/// `TextInvalid`, `TicketClosed`; `NotFound` when the person may not know of the ticket.
pub(crate) async fn reply_by_mail(
    op: &OpCtx,
    ticket: TicketId,
    reply: MailedReply<'_>,
) -> Result<Option<Ticket>, OpError<TicketCode>> {
    let user = op.actor().user().ok_or(OpError::Unauthenticated)?;
    let found = may_attach(op, ticket, TicketEventVisibility::Public).await?;
    if store::incoming_mails::is_known(&*op.reader().await?, &found, reply.mail).await? {
        return Ok(None);
    }
    let (said_here, whole) = cut(&reply.text);
    let is_cut = whole.is_some();
    let files = whole.into_iter().chain(reply.files).collect();
    let (kept, mut left_out) = keep(op, &found, files).await?;
    if reply.more_files > 0 {
        left_out.push(format!("+{}", reply.more_files));
    }
    let mut words = words(op.lang(), said_here, &kept, &left_out);
    if is_cut {
        words = format!("{words}\n\n{}", i18n::text(op.lang(), "mail-text-cut", &Args::new().text("name", WHOLE)));
    }
    let words = text(&words, LONGEST_TEXT, TicketCode::TextInvalid, "text")?;
    let (tx, ticket) = begin(op, Permission::TicketsOpen, Target { ticket, expected_version: None }).await?;
    let mail = IncomingMail {
        client: ticket.client,
        ticket: ticket.id,
        mail: reply.mail.to_owned(),
        user,
        received_at: op.now(),
    };
    if !store::incoming_mails::insert(&tx, &mail).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    let (replied, mut events) = said(op, ticket.clone(), words)?;
    for attachment in &kept {
        store::attachments::insert(&tx, attachment).await?;
        events.push(attachments::added(attachment));
    }
    finish(op, tx, &ticket, Ok((replied, events))).await.map(Some)
}

/// What of a text stands in the reply, and, where that is not all, the file that holds the whole.
fn cut(text: &str) -> (&str, Option<IncomingFile>) {
    match text.char_indices().nth(LONGEST_WORDS) {
        None => (text, None),
        Some((end, _)) => {
            let (name, media_type) = (WHOLE.to_owned(), "text/plain".to_owned());
            (&text[..end], Some(IncomingFile { name, media_type, bytes: text.as_bytes().to_vec() }))
        }
    }
}

/// Stores the files of a mail, and says which were not taken.
async fn keep(
    op: &OpCtx,
    ticket: &Ticket,
    files: Vec<IncomingFile>,
) -> Result<(Vec<Attachment>, Vec<String>), OpError<TicketCode>> {
    let there = store::attachments::of_tickets(&*op.reader().await?, &[ticket.id], true).await?.len();
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.name.clone();
        let put = if there + kept.len() >= MOST_ATTACHMENTS || file.bytes.len() as u64 > LARGEST_ATTACHMENT {
            refuse(TicketCode::TooManyFiles, "files")
        } else {
            put(op, ticket, file).await
        };
        match put {
            Ok(attachment) => kept.push(attachment),
            Err(OpError::Refused(_)) => left_out.push(name),
            Err(error) => return Err(error),
        }
    }
    Ok((kept, left_out))
}

async fn put(op: &OpCtx, ticket: &Ticket, file: IncomingFile) -> Result<Attachment, OpError<TicketCode>> {
    let written = tokio::task::spawn_blocking(move || {
        let mut waiting = tempfile::NamedTempFile::new()?;
        waiting.write_all(&file.bytes)?;
        Ok::<_, std::io::Error>((file.name, waiting.into_temp_path()))
    });
    let failed = |error: &dyn std::fmt::Display| OpError::internal("writing a file of a mail", error);
    let (file_name, waiting) = written.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let new = NewAttachment {
        ticket: ticket.id,
        visibility: TicketEventVisibility::Public,
        file_name,
        file: waiting.to_path_buf(),
        action: None,
        submission: None,
    };
    attachments::put(op, ticket, new).await
}

/// The text, and below it which files were not kept; of a mail that is nothing but files, that.
fn words(lang: Lang, text: &str, kept: &[Attachment], left_out: &[String]) -> String {
    let mut words = text.trim().to_owned();
    if words.is_empty() && !kept.is_empty() {
        words = i18n::text(lang, "mail-files-alone", &Args::new());
    }
    if left_out.is_empty() {
        return words;
    }
    let line = i18n::text(lang, "mail-files-not-kept", &Args::new().text("names", left_out.join(", ")));
    if words.is_empty() { line } else { format!("{words}\n\n{line}") }
}
