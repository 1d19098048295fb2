//! Roles: the sets of permissions that people are given.

use super::{
    Permission::{
        ActivityRead, AssetsRead, AssetsWrite, AuditsRead, AuditsWrite, ClientsViewAs, ConsentsImport, EnforcementRead,
        EnforcementWrite, EvidenceExport, EvidenceUnmask, ImportsRead, JobsRead, ThresholdsWrite, TicketsInternal,
        TicketsOpen, TicketsRead, TicketsWrite, TokensWrite, TrafficImport, UnmaskingsRead, UsersRead, UsersWrite,
        WebhooksRead, WebhooksWrite,
    },
    PermissionSet,
};
use crate::words::words;

words! {
    /// What a person is, at the BSP or at a client.
    Role {
        /// Runs the BSP's deployment.
        BspAdmin = "bsp_admin",
        /// Works on tickets and audits of the BSP's clients.
        SupportAgent = "support_agent",
        /// Reads traffic and audits of the BSP's clients.
        Analyst = "analyst",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Runs the client's side.
        ClientAdmin = "client_admin",
        /// Builds the client's programs: imports and tokens.
        ClientDeveloper = "client_developer",
        /// Looks at the client's side.
        ClientViewer = "client_viewer",
    }
}

impl Role {
    /// Whether the person works at the BSP, not at a client.
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::BspAdmin | Self::SupportAgent | Self::Analyst | Self::Auditor)
    }

    /// What the role may do: the table of permissions of the whole product.
    pub const fn permissions(self) -> PermissionSet {
        match self {
            Self::BspAdmin => PermissionSet::all(),
            Self::SupportAgent => SUPPORT_AGENT,
            Self::Analyst => ANALYST,
            Self::Auditor => AUDITOR,
            Self::ClientAdmin => CLIENT_ADMIN,
            Self::ClientDeveloper => CLIENT_DEVELOPER,
            Self::ClientViewer => CLIENT_VIEWER,
        }
    }

    /// What staff may who look at what a client sees: what its admin may see.
    pub const VIEWING: PermissionSet = CLIENT_VIEWER.with(&[ActivityRead, UsersRead, UnmaskingsRead]);
}

const CLIENT_VIEWER: PermissionSet =
    PermissionSet::of(&[AssetsRead, ImportsRead, AuditsRead, TicketsRead, EnforcementRead]);
const CLIENT_ADMIN: PermissionSet = CLIENT_VIEWER.with(&[
    ActivityRead,
    UsersRead,
    UsersWrite,
    TokensWrite,
    TrafficImport,
    ConsentsImport,
    AuditsWrite,
    EvidenceExport,
    EvidenceUnmask,
    UnmaskingsRead,
    TicketsOpen,
    WebhooksRead,
    WebhooksWrite,
]);
const CLIENT_DEVELOPER: PermissionSet =
    CLIENT_VIEWER.with(&[TokensWrite, TrafficImport, ConsentsImport, WebhooksRead, WebhooksWrite]);
const STAFF: PermissionSet =
    CLIENT_VIEWER.with(&[ClientsViewAs, AuditsWrite, EvidenceExport, TicketsInternal, JobsRead]);
const ANALYST: PermissionSet = STAFF.with(&[ThresholdsWrite]);
const AUDITOR: PermissionSet = CLIENT_VIEWER.with(&[
    ActivityRead,
    ClientsViewAs,
    UsersRead,
    UnmaskingsRead,
    TicketsInternal,
    JobsRead,
    WebhooksRead,
]);
const SUPPORT_AGENT: PermissionSet = STAFF.with(&[
    UsersRead,
    AssetsWrite,
    TrafficImport,
    ConsentsImport,
    EvidenceUnmask,
    TicketsOpen,
    TicketsWrite,
    EnforcementWrite,
]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Permission;

    #[test]
    fn nothing_internal_is_seen_by_a_client_role() {
        for role in Role::ALL.iter().filter(|role| !role.is_staff()) {
            for permission in
                [Permission::TicketsInternal, Permission::ClientsWrite, Permission::JobsRead, Permission::TicketsWrite]
            {
                assert!(!role.permissions().contains(permission), "{role:?} {permission}");
            }
        }
    }

    #[test]
    fn an_auditor_changes_nothing() {
        assert!(Role::Auditor.permissions().iter().all(|permission| {
            permission.as_str().ends_with(":read")
                || matches!(permission, Permission::TicketsInternal | Permission::ClientsViewAs)
        }));
    }

    #[test]
    fn names_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(*permission));
        }
    }
}
