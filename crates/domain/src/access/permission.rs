//! Permissions: what an actor may do, on the clients that it may know of.

use std::fmt;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// One thing that an actor may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Permission {
            $($(#[$doc])* $name,)*
        }

        impl Permission {
            /// All permissions.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Stable name, as the API shows it and tokens keep it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

permissions! {
    /// See and export the activity log.
    ActivityRead = "activity:read";
    /// Look at what a client sees, as oneself, and changing nothing.
    ClientsViewAs = "clients:view_as";
    /// Create and change clients.
    ClientsWrite = "clients:write";
    /// Create and change users of one's own side or below.
    UsersWrite = "users:write";
    /// See users.
    UsersRead = "users:read";
    /// Create and revoke API tokens.
    TokensWrite = "tokens:write";
    /// See WABAs, numbers and templates, and what clients declare of themselves.
    AssetsRead = "assets:read";
    /// Create and change WABAs, numbers and templates, and import what clients declare of themselves.
    AssetsWrite = "assets:write";
    /// See imports and their row errors.
    ImportsRead = "imports:read";
    /// Import messages and inbound messages, and templates.
    TrafficImport = "traffic:import";
    /// Import consents.
    ConsentsImport = "consents:import";
    /// See audits and findings.
    AuditsRead = "audits:read";
    /// Request and cancel audits, set their schedule.
    AuditsWrite = "audits:write";
    /// Have all messages of a finding written to a file, recipients masked.
    EvidenceExport = "evidence:export";
    /// See recipients in clear in such a file; each time is recorded.
    EvidenceUnmask = "evidence:unmask";
    /// See who was shown recipients in clear.
    UnmaskingsRead = "unmaskings:read";
    /// Set the thresholds of the rules, for the BSP and for clients.
    ThresholdsWrite = "thresholds:write";
    /// See tickets, their public parts.
    TicketsRead = "tickets:read";
    /// Open tickets and write public replies.
    TicketsOpen = "tickets:open";
    /// See what is internal on a ticket.
    TicketsInternal = "tickets:internal";
    /// Move tickets, write notes, record submissions.
    TicketsWrite = "tickets:write";
    /// See notices of enforcement.
    EnforcementRead = "enforcement:read";
    /// Record notices of enforcement.
    EnforcementWrite = "enforcement:write";
    /// Set SLA policies, calendars and tiers.
    SlaWrite = "sla:write";
    /// See jobs.
    JobsRead = "jobs:read";
    /// Hand over mails that came in, for the mail server.
    MailReceive = "mail:receive";
    /// See endpoints for webhooks, and what they were told.
    WebhooksRead = "webhooks:read";
    /// Make and change endpoints for webhooks, and tell them again.
    WebhooksWrite = "webhooks:write";
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Permission {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text).ok_or(())
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// No permission.
    pub const EMPTY: Self = Self(0);

    /// The set of `permissions`.
    pub const fn of(permissions: &[Permission]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < permissions.len() {
            bits |= 1 << permissions[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// This set and `permissions`.
    #[must_use]
    pub const fn with(self, permissions: &[Permission]) -> Self {
        Self(self.0 | Self::of(permissions).0)
    }

    /// Every permission.
    pub const fn all() -> Self {
        Self::of(Permission::ALL)
    }

    /// Whether `permission` is in the set.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// Whether every one of `other` is in the set.
    pub const fn contains_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// In the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | 1 << permission as u8))
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::as_str)).finish()
    }
}
