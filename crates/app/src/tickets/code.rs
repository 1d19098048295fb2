//! Why work on a ticket is refused.

use crate::{Code, NoCode};

/// Why work on a ticket is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketCode {
    /// There is no such client for the actor.
    ClientNotFound,
    /// The client has no such account.
    WabaNotFound,
    /// The client has no such number.
    PhoneNumberNotFound,
    /// The client has no such template.
    TemplateNotFound,
    /// The client has no such finding, or the findings come from several audits.
    FindingNotFound,
    /// The client has no such notice of enforcement.
    NoticeNotFound,
    /// There is no such member of staff.
    AssigneeNotFound,
    /// The title is empty or longer than 200 characters.
    TitleInvalid,
    /// The text is empty or longer than 20,000 characters.
    TextInvalid,
    /// The state machine does not allow the move.
    MoveRefused,
    /// The ticket is closed: reopen it first.
    TicketClosed,
    /// The instant lies in the future.
    InstantInFuture,
    /// The submission has its answer already.
    AlreadyAnswered,
    /// The word is empty or longer than 200 characters.
    WordInvalid,
    /// Neither an account nor a number is named.
    AssetMissing,
    /// Meta does not take this appeal, or no longer.
    AppealClosed,
    /// The last submission has no refusal by Meta yet, after which another could follow.
    AttemptUnanswered,
    /// The instant lies before what it follows.
    InstantOutOfOrder,
    /// A duplicate, and nothing else, names the ticket that goes on.
    OriginalInvalid,
    /// The client has no such ticket.
    TicketNotFound,
    /// The tickets cannot be tied so.
    LinkRefused,
    /// The action does not stand where this can be done.
    ActionMoveRefused,
    /// What the BSP has to do is done by staff.
    ActionOfStaff,
    /// The action names no finding that an audit could look for.
    ActionWithoutFinding,
    /// The client has no such preview, or it left nothing out.
    PreviewNotFound,
    /// The preview has no remedy for that rule.
    RemedyNotFound,
    /// The ticket has no such action.
    ActionNotFound,
    /// The ticket has no such submission.
    SubmissionNotFound,
    /// Nothing is left of the file's name.
    FileNameInvalid,
    /// The file is larger than is taken.
    FileTooLarge,
    /// The file is of a type that is not taken.
    FileTypeRefused,
    /// The ticket has as many files as it may.
    TooManyFiles,
    /// There is no such team.
    TeamNotFound,
    /// The name is empty or longer than 100 characters.
    NameInvalid,
    /// Another one has this name.
    NameTaken,
    /// The tag has other signs than letters, digits, `-` and `_`, or more than 40.
    TagInvalid,
    /// The ticket has as many tags as it may.
    TooManyTags,
    /// A place in the text stands for nothing.
    PlaceUnknown,
    /// The list is too long to be kept.
    ViewInvalid,
    /// As many lists are kept as may be.
    TooManyViews,
}

impl Code for TicketCode {
    fn key(self) -> &'static str {
        match self {
            Self::ClientNotFound => "error-client-not-found",
            Self::WabaNotFound => "error-waba-not-found",
            Self::PhoneNumberNotFound => "error-phone-number-not-found",
            Self::TemplateNotFound => "error-template-not-found",
            Self::FindingNotFound => "error-finding-not-found",
            Self::NoticeNotFound => "error-notice-not-found",
            Self::AssigneeNotFound => "error-assignee-not-found",
            Self::TitleInvalid => "error-title-invalid",
            Self::TextInvalid => "error-text-invalid",
            Self::MoveRefused => "error-transition-refused",
            Self::TicketClosed => "error-ticket-closed",
            Self::InstantInFuture => "error-instant-in-future",
            Self::AlreadyAnswered => "error-already-answered",
            Self::WordInvalid => "error-word-invalid",
            Self::AssetMissing => "error-asset-missing",
            Self::AppealClosed => "error-appeal-closed",
            Self::AttemptUnanswered => "error-attempt-unanswered",
            Self::InstantOutOfOrder => "error-instant-out-of-order",
            Self::OriginalInvalid => "error-original-invalid",
            Self::TicketNotFound => "error-ticket-not-found",
            Self::LinkRefused => "error-link-refused",
            Self::ActionMoveRefused => "error-action-move-refused",
            Self::ActionOfStaff => "error-action-of-staff",
            Self::ActionWithoutFinding => "error-action-without-finding",
            Self::PreviewNotFound => "error-preview-not-found",
            Self::RemedyNotFound => "error-remedy-not-found",
            Self::ActionNotFound => "error-action-not-found",
            Self::SubmissionNotFound => "error-submission-not-found",
            Self::FileNameInvalid => "error-file-name-invalid",
            Self::FileTooLarge => "error-file-too-large",
            Self::FileTypeRefused => "error-file-type-refused",
            Self::TooManyFiles => "error-too-many-files",
            Self::TeamNotFound => "error-team-not-found",
            Self::NameInvalid => "error-work-name-invalid",
            Self::NameTaken => "error-work-name-taken",
            Self::TagInvalid => "error-tag-invalid",
            Self::TooManyTags => "error-too-many-tags",
            Self::PlaceUnknown => "error-place-unknown",
            Self::ViewInvalid => "error-view-invalid",
            Self::TooManyViews => "error-too-many-views",
        }
    }
}

impl From<NoCode> for TicketCode {
    fn from(none: NoCode) -> Self {
        match none {}
    }
}
