//! Letters about somebody's account.

use domain::{
    Instant,
    notifications::{OneTimeCode, SecurityEvent},
};
use i18n::{Args, Group, word};

use super::Said;
use crate::letter::{Block, Reader};

/// Where the code can be used, and the code itself. It stands behind the `#`: browsers send that part to no server.
fn with_code(reader: &Reader<'_>, blocks: &mut Vec<Block>, code: &OneTimeCode, action: &str, place: &str) {
    blocks.extend(reader.link(action, &format!("{place}#{}", code.expose())));
    blocks.extend([reader.plain("mail-code"), Block::Code(code.expose().to_owned())]);
}

pub(super) fn invitation(
    reader: &Reader<'_>,
    code: &OneTimeCode,
    invited_by: Option<&str>,
    organisation: Option<&str>,
    expires_at: Instant,
) -> Said {
    let mut blocks = vec![reader.plain("mail-invitation-text")];
    blocks.extend(invited_by.map(|by| reader.named("mail-invitation-by", "by", by)));
    blocks.extend(organisation.map(|name| reader.named("mail-invitation-for", "organisation", name)));
    with_code(reader, &mut blocks, code, "mail-invitation-action", "invitations");
    blocks.push(reader.dated("mail-invitation-expiry", "expires", expires_at));
    Said::new(reader, "mail-invitation-subject", blocks)
}

pub(super) fn password_reset(reader: &Reader<'_>, code: &OneTimeCode, expires_at: Instant) -> Said {
    let mut blocks = vec![reader.plain("mail-password-reset-text")];
    with_code(reader, &mut blocks, code, "mail-password-reset-action", "password-resets");
    blocks.push(reader.dated("mail-password-reset-expiry", "expires", expires_at));
    Said::new(reader, "mail-password-reset-subject", blocks)
}

pub(super) fn email_change(reader: &Reader<'_>, code: &OneTimeCode, expires_at: Instant) -> Said {
    let mut blocks = vec![reader.plain("mail-email-change-text")];
    with_code(reader, &mut blocks, code, "mail-email-change-action", "email-changes");
    blocks.push(reader.dated("mail-email-change-expiry", "expires", expires_at));
    Said::new(reader, "mail-email-change-subject", blocks)
}

pub(super) fn security_notice(reader: &Reader<'_>, event: SecurityEvent) -> Said {
    let event = word(reader.lang, Group::SecurityEvent, event.as_str());
    let blocks =
        vec![reader.named("mail-security-notice-text", "event", &event), reader.plain("mail-security-notice-doubt")];
    Said { subject: reader.say("mail-security-notice-subject", Args::new().text("event", event)), blocks }
}

pub(super) fn webhook_disabled(reader: &Reader<'_>, host: &str, since: Instant) -> Said {
    let args = Args::new().text("host", host).moment("since", since, reader.zone.clone());
    let blocks = vec![reader.paragraph("mail-webhook-disabled-text", args)];
    Said { subject: reader.say("mail-webhook-disabled-subject", Args::new().text("host", host)), blocks }
}
