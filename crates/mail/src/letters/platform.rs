//! Letters about the platform: what Meta did that cannot wait for an audit, and what keeps us from learning it.

use domain::{
    Instant,
    traffic::{RuleId, Severity, Subject},
};
use i18n::{Args, Group, remedy, rule_name, word};
use jiff::tz::TimeZone;

use super::Said;
use crate::letter::{Block, Reader};

pub(super) fn token_refused(reader: &Reader<'_>, code: i64) -> Said {
    let args = Args::new().text("code", code.to_string());
    Said::new(reader, "mail-graph-token-subject", vec![reader.paragraph("mail-graph-token-text", args)])
}

pub(super) fn account_refused(reader: &Reader<'_>, account: &str, code: i64) -> Said {
    let named = || Args::new().text("account", account);
    let args = named().text("code", code.to_string());
    Said {
        subject: reader.say("mail-graph-account-subject", named()),
        blocks: vec![reader.paragraph("mail-graph-account-text", args)],
    }
}

pub(super) fn account_lost(reader: &Reader<'_>, account: &str, words: &str) -> Said {
    let named = || Args::new().text("account", account);
    Said {
        subject: reader.say("mail-account-lost-subject", named()),
        blocks: vec![reader.paragraph("mail-account-lost-text", named().text("words", words))],
    }
}

pub(super) fn sending_blocked(reader: &Reader<'_>, account: &str, number: Option<&str>, state: &str) -> Said {
    let asset = number.unwrap_or(account);
    let mut blocks = vec![reader.paragraph(
        "mail-sending-blocked-text",
        Args::new().text("asset", asset).text("account", account).text("state", state),
    )];
    blocks.extend(why_blocked(state).map(|message| reader.plain(message)));
    Said { subject: reader.say("mail-sending-blocked-subject", Args::new().text("asset", asset)), blocks }
}

/// What there is to do about the codes of a health status that have a cause of their own.
fn why_blocked(state: &str) -> Option<&'static str> {
    state.split_whitespace().find_map(|code| match code {
        "141006" => Some("mail-sending-blocked-payment"),
        "141010" => Some("mail-sending-blocked-verification"),
        _ => None,
    })
}

pub(super) fn unknown_traffic(
    reader: &Reader<'_>,
    from: Instant,
    (counted_by_meta, in_send_log): (u64, u64),
    account: Option<&str>,
) -> Said {
    let args = Args::new()
        .moment("from", from, TimeZone::UTC)
        .count("meta", counted_by_meta)
        .count("log", in_send_log)
        .count("unknown", counted_by_meta.saturating_sub(in_send_log));
    let mut blocks = vec![reader.paragraph("mail-unknown-traffic-text", args)];
    blocks.extend(account.map(|name| reader.named("mail-enforcement-notice-account", "account", name)));
    blocks.push(reader.plain("mail-unknown-traffic-why"));
    Said::new(reader, "mail-unknown-traffic-subject", blocks)
}

pub(super) fn alert(
    reader: &Reader<'_>,
    (rule, severity): (RuleId, Severity),
    account: Option<&str>,
    subject: &Subject,
) -> Said {
    let rule_name = rule_name(reader.lang, rule);
    let args = Args::new()
        .text("severity", word(reader.lang, Group::Severity, severity.as_str()))
        .text("rule", rule_name.as_str())
        .text("subject", i18n::subject(reader.lang, subject));
    let mut blocks = vec![reader.paragraph("mail-platform-alert-text", args)];
    blocks.extend(account.map(|name| reader.named("mail-enforcement-notice-account", "account", name)));
    blocks.push(Block::List(remedy(reader.lang, rule)));
    Said { subject: reader.say("mail-platform-alert-subject", Args::new().text("rule", rule_name)), blocks }
}

pub(super) fn incident(reader: &Reader<'_>, code: u32, clients: u64, messages: u64, since: Instant) -> Said {
    let code = || code.to_string();
    let args = Args::new().text("code", code()).count("clients", clients).count("messages", messages).moment(
        "since",
        since,
        reader.zone.clone(),
    );
    Said {
        subject: reader.say("mail-platform-incident-subject", Args::new().text("code", code())),
        blocks: vec![reader.paragraph("mail-platform-incident-text", args)],
    }
}
