//! Who may ask what: one row for each field of the roots and each type that has an id. A new one without a row fails the test, and
//! so does a row of something that is gone.

use domain::access::Permission::{self, *};

/// What an actor needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: it is how somebody becomes known.
    Nothing,
    /// To be somebody.
    Anybody,
    /// A permission.
    May(Permission),
}

use Needs::{Anybody, May, Nothing};

/// `Query.…`, `Mutation.…`, `Subscription.…`, and types that implement `Node`, by name.
pub(super) const ROWS: &[(&str, Needs)] = &[
    ("Activity", May(ActivityRead)),
    ("ApiToken", May(TokensWrite)),
    ("Audit", May(AuditsRead)),
    ("AuditPreview", May(AuditsRead)),
    ("Client", Anybody),
    ("EnforcementNotice", May(EnforcementRead)),
    ("EvidenceExport", May(AuditsRead)),
    ("Finding", May(AuditsRead)),
    ("Import", May(ImportsRead)),
    ("PhoneNumber", May(AssetsRead)),
    ("Template", May(AssetsRead)),
    ("ThresholdVersion", May(AuditsRead)),
    ("Ticket", May(TicketsRead)),
    ("User", May(UsersRead)),
    ("Waba", May(AssetsRead)),
    ("Mutation.apiTokenCreate", May(TokensWrite)),
    ("Mutation.apiTokenRevoke", May(TokensWrite)),
    ("Mutation.auditCancel", May(AuditsWrite)),
    ("Mutation.auditPreviewCancel", May(AuditsWrite)),
    ("Mutation.auditPreviewRequest", May(AuditsWrite)),
    ("Mutation.auditRequest", May(AuditsWrite)),
    ("Mutation.auditScheduleSet", May(AuditsWrite)),
    ("Mutation.clientCreate", May(ClientsWrite)),
    ("Mutation.enforcementNoticeRecord", May(EnforcementWrite)),
    ("Mutation.findingExport", May(EvidenceExport)),
    ("Mutation.phoneNumberCreate", May(AssetsWrite)),
    ("Mutation.signIn", Nothing),
    ("Mutation.signInRefresh", Nothing),
    ("Mutation.signOut", Nothing),
    ("Mutation.thresholdsSet", May(ThresholdsWrite)),
    ("Mutation.ticketAssign", May(TicketsWrite)),
    ("Mutation.ticketClose", May(TicketsWrite)),
    ("Mutation.ticketHandOver", May(TicketsWrite)),
    ("Mutation.ticketMove", May(TicketsWrite)),
    ("Mutation.ticketNoteAdd", May(TicketsWrite)),
    ("Mutation.ticketOpen", May(TicketsOpen)),
    ("Mutation.ticketPrioritize", May(TicketsWrite)),
    ("Mutation.ticketReply", May(TicketsOpen)),
    ("Mutation.ticketSubmissionAnswer", May(TicketsWrite)),
    ("Mutation.ticketSubmissionRecord", May(TicketsWrite)),
    ("Mutation.userCreate", May(UsersWrite)),
    ("Mutation.userDisable", May(UsersWrite)),
    ("Mutation.wabaCreate", May(AssetsWrite)),
    ("Query.activities", May(ActivityRead)),
    ("Query.activityHead", May(ActivityRead)),
    ("Query.activityProof", May(ActivityRead)),
    ("Query.apiTokens", May(TokensWrite)),
    ("Query.audit", May(AuditsRead)),
    ("Query.auditPreview", May(AuditsRead)),
    ("Query.auditSchedule", May(AuditsRead)),
    ("Query.audits", May(AuditsRead)),
    ("Query.client", Anybody),
    ("Query.clients", Anybody),
    ("Query.enforcementNotices", May(EnforcementRead)),
    ("Query.evidenceExport", May(AuditsRead)),
    ("Query.import", May(ImportsRead)),
    ("Query.imports", May(ImportsRead)),
    ("Query.jobs", May(JobsRead)),
    ("Query.node", Anybody),
    ("Query.nodes", Anybody),
    ("Query.phoneNumbers", May(AssetsRead)),
    ("Query.templateLint", May(AssetsRead)),
    ("Query.templates", May(AssetsRead)),
    ("Query.thresholdVersions", May(AuditsRead)),
    ("Query.thresholds", May(AuditsRead)),
    ("Query.ticket", May(TicketsRead)),
    ("Query.ticketByRef", May(TicketsRead)),
    ("Query.tickets", May(TicketsRead)),
    ("Query.unmaskings", May(UnmaskingsRead)),
    ("Query.users", May(UsersRead)),
    ("Query.viewer", Anybody),
    ("Query.wabas", May(AssetsRead)),
];
