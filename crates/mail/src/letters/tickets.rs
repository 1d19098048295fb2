//! Letters of a ticket's conversation.

use domain::{
    Instant,
    notifications::TicketLabel,
    tickets::{SubmissionChannel, SubmissionOutcome},
};
use i18n::{Args, Group, word};

use super::Said;
use crate::letter::{Block, Reader};

fn quoted(text: &str) -> Block {
    Block::Quote(text.to_owned())
}

pub(super) fn opened(reader: &Reader<'_>, ticket: &TicketLabel, text: Option<&str>) -> Said {
    let line = Block::Text(format!("{} · {}", ticket.reference, ticket.title));
    let mut blocks = vec![reader.plain("mail-ticket-opened-text"), line];
    blocks.extend(text.map(quoted));
    Said::about(reader, ticket, blocks)
}

pub(super) fn reply(reader: &Reader<'_>, ticket: &TicketLabel, author: Option<&str>, text: &str) -> Said {
    let who = match author {
        Some(author) => reader.named("mail-ticket-reply-by", "author", author),
        None => reader.plain("mail-ticket-reply-text"),
    };
    Said::about(reader, ticket, vec![who, quoted(text)])
}

pub(super) fn waiting(reader: &Reader<'_>, ticket: &TicketLabel, text: Option<&str>) -> Said {
    let mut blocks = vec![reader.plain("mail-waiting-for-you-text")];
    blocks.extend(text.map(quoted));
    Said::about(reader, ticket, blocks)
}

pub(super) fn action_due(reader: &Reader<'_>, ticket: &TicketLabel, title: &str, due: Instant) -> Said {
    let blocks = vec![reader.dated("mail-action-due-text", "due", due), quoted(title)];
    Said::about(reader, ticket, blocks)
}

pub(super) fn submission(
    reader: &Reader<'_>,
    ticket: &TicketLabel,
    attempt: u32,
    channel: SubmissionChannel,
    expected_by: Option<Instant>,
) -> Said {
    let channel = word(reader.lang, Group::SubmissionChannel, channel.as_str());
    let args = Args::new().count("attempt", u64::from(attempt)).text("channel", channel);
    let mut blocks = vec![reader.paragraph("mail-submission-text", args)];
    blocks.extend(expected_by.map(|at| reader.dated("mail-submission-expected", "expected", at)));
    Said::about(reader, ticket, blocks)
}

pub(super) fn outcome(
    reader: &Reader<'_>,
    ticket: &TicketLabel,
    outcome: SubmissionOutcome,
    note: Option<&str>,
) -> Said {
    let outcome = word(reader.lang, Group::SubmissionOutcome, outcome.as_str());
    let mut blocks = vec![reader.named("mail-outcome-text", "outcome", &outcome)];
    blocks.extend(note.into_iter().flat_map(|note| [reader.plain("mail-outcome-note"), quoted(note)]));
    Said::about(reader, ticket, blocks)
}
