//! Actors, and what they may know of.

use super::{Permission, PermissionSet, Role};
use crate::{ApiTokenId, ClientId, UserId};

/// Whoever asks for an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody yet: only signing in is allowed.
    Anonymous,
    /// A person of the BSP.
    Staff {
        /// Who.
        user: UserId,
        /// As what.
        role: Role,
        /// The clients that the person works for; absent, all.
        clients: Option<Vec<ClientId>>,
    },
    /// A person of the BSP who looks at what a client sees: as itself, and changing nothing.
    Viewing {
        /// Who.
        user: UserId,
        /// As which client.
        client: ClientId,
    },
    /// A person of a client.
    ClientUser {
        /// Who.
        user: UserId,
        /// As what.
        role: Role,
        /// Of which client.
        client: ClientId,
    },
    /// A program.
    Token {
        /// Which.
        token: ApiTokenId,
        /// Bound to one client, or the BSP's own.
        client: Option<ClientId>,
        /// What it may do.
        permissions: PermissionSet,
    },
    /// The product itself: jobs and the command line.
    System,
}

impl Actor {
    /// What the actor may do.
    pub fn permissions(&self) -> PermissionSet {
        match self {
            Self::Anonymous => PermissionSet::EMPTY,
            Self::Staff { role, .. } | Self::ClientUser { role, .. } => role.permissions(),
            Self::Viewing { .. } => Role::VIEWING,
            Self::Token { permissions, .. } => *permissions,
            Self::System => PermissionSet::all(),
        }
    }

    /// Whether the actor may do `permission`, on what it may know of.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions().contains(permission)
    }

    /// The person, if it is one.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Staff { user, .. } | Self::Viewing { user, .. } | Self::ClientUser { user, .. } => Some(*user),
            Self::Anonymous | Self::Token { .. } | Self::System => None,
        }
    }

    /// The client on whose side it is; absent for the BSP's.
    pub const fn client(&self) -> Option<ClientId> {
        match self {
            Self::ClientUser { client, .. } | Self::Viewing { client, .. } => Some(*client),
            Self::Token { client, .. } => *client,
            Self::Anonymous | Self::Staff { .. } | Self::System => None,
        }
    }

    /// What the actor may know of.
    pub fn visibility(&self) -> Visibility {
        match self {
            Self::Anonymous => Visibility::Clients(Vec::new()),
            Self::Staff { clients: Some(clients), .. } => Visibility::Clients(clients.clone()),
            Self::Staff { clients: None, .. } | Self::Token { client: None, .. } => Visibility::AllClients,
            Self::ClientUser { client, .. }
            | Self::Viewing { client, .. }
            | Self::Token { client: Some(client), .. } => Visibility::Clients(vec![*client]),
            Self::System => Visibility::System,
        }
    }
}

/// The clients of whose rows an actor may know. Every read of a client's row carries one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// Everything, for jobs and the command line only.
    System,
    /// Every client: staff.
    AllClients,
    /// These clients alone; none of them is nothing at all.
    Clients(Vec<ClientId>),
}

impl Visibility {
    /// Whether rows of `client` may be known.
    pub fn includes(&self, client: ClientId) -> bool {
        match self {
            Self::System | Self::AllClients => true,
            Self::Clients(clients) => clients.contains(&client),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_user_knows_of_its_own_client_alone() {
        let id = |number| ClientId::from_uuid(uuid::Uuid::from_u128(number));
        let actor = Actor::ClientUser {
            user: UserId::from_uuid(uuid::Uuid::from_u128(1)),
            role: Role::ClientAdmin,
            client: id(1),
        };
        assert!(actor.visibility().includes(id(1)));
        assert!(!actor.visibility().includes(id(2)));
        assert!(!Actor::Anonymous.visibility().includes(id(1)));
        let staff =
            |clients| Actor::Staff { user: UserId::from_uuid(uuid::Uuid::from_u128(2)), role: Role::Analyst, clients };
        assert!(staff(None).visibility().includes(id(2)));
        assert!(staff(Some(vec![id(1)])).visibility().includes(id(1)));
        assert!(!staff(Some(vec![id(1)])).visibility().includes(id(2)));
        assert!(!staff(Some(Vec::new())).visibility().includes(id(1)));
    }

    #[test]
    fn whoever_views_as_a_client_sees_what_it_sees_and_changes_nothing() {
        let id = |number| ClientId::from_uuid(uuid::Uuid::from_u128(number));
        let viewing = Actor::Viewing { user: UserId::from_uuid(uuid::Uuid::from_u128(1)), client: id(1) };
        assert!(viewing.visibility().includes(id(1)) && !viewing.visibility().includes(id(2)));
        assert!(Role::ClientAdmin.permissions().contains_all(viewing.permissions()));
        assert!(viewing.permissions().iter().all(|permission| permission.as_str().ends_with(":read")));
        assert!(viewing.may(Permission::TicketsRead));
        assert_eq!(Actor::Anonymous.permissions(), PermissionSet::EMPTY);
    }
}
