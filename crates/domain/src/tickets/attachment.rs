//! Files on tickets.

use super::TicketEventVisibility;
use crate::{AttachmentId, ClientId, CorrectiveActionId, Instant, SubmissionId, TicketId, UserId};

/// A file on a ticket. It is kept as it came, and never opened, unpacked or shown by the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Id.
    pub id: AttachmentId,
    /// Whose ticket.
    pub client: ClientId,
    /// On which ticket.
    pub ticket: TicketId,
    /// Who may see it.
    pub visibility: TicketEventVisibility,
    /// Its name, without any folder.
    pub file_name: String,
    /// What its bytes say that it is.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The object that holds it.
    pub path: String,
    /// The corrective action that it shows to be done.
    pub action: Option<CorrectiveActionId>,
    /// The submission whose outcome it proves.
    pub submission: Option<SubmissionId>,
    /// Who added it.
    pub added_by: Option<UserId>,
    /// When.
    pub added_at: Instant,
}

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 150;

/// The name under which a file is kept: the last part of `name`, without what could mean something to a shell, a browser or a
/// folder. `None` when nothing is left.
pub fn kept_file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |letter: &char| !letter.is_control() && !"\"<>|:*?%;".contains(*letter) && !is_turning(*letter);
    let kept: String = last.chars().filter(harmless).collect();
    let kept = kept.trim().trim_start_matches('.');
    if kept.is_empty() {
        return None;
    }
    let length = kept.chars().count();
    if length <= LONGEST_NAME {
        return Some(kept.to_owned());
    }
    // The end tells what it is.
    Some(kept.chars().skip(length - LONGEST_NAME).collect())
}

/// Whether a letter turns the direction of writing, so that a name reads as another one.
const fn is_turning(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_keeps_nothing_that_means_something_elsewhere() {
        let kept = |name: &str| kept_file_name(name);
        assert_eq!(kept("Modulo consenso v4.pdf").as_deref(), Some("Modulo consenso v4.pdf"));
        assert_eq!(kept("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(kept("C:\\temp\\a\"b\r\n;x.txt").as_deref(), Some("abx.txt"));
        assert_eq!(kept("gpj\u{202e}exe.png").as_deref(), Some("gpjexe.png"));
        assert_eq!(kept(".htaccess").as_deref(), Some("htaccess"));
        for nothing in ["", "/", "..", " . ", "\"\""] {
            assert_eq!(kept(nothing), None, "{nothing:?}");
        }
        assert_eq!(
            kept(&format!("{}.pdf", "x".repeat(500))).map(|name| (name.len(), name.ends_with("x.pdf"))),
            Some((150, true))
        );
    }
}
