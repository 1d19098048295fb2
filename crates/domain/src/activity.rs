//! The activity log: who did what, when, from where, on whose data, and how it ended. Entries are only ever added, and sealed into
//! a Merkle log per client.

use crate::{
    ActivityId, ApiTokenId, ClientId, Instant, UserId,
    access::Actor,
    merkle::{self, Hash},
    words::words,
};

words! {
    /// What kind of actor did it.
    ActivityActor {
        /// Nobody who is known: a sign-in that failed.
        Anonymous = "anonymous",
        /// A person of the BSP.
        Staff = "staff",
        /// A person of a client.
        ClientUser = "client_user",
        /// A program.
        Token = "token",
        /// The product itself, at its command line.
        System = "system",
    }
}

words! {
    /// How it ended.
    ActivityOutcome {
        /// It was done.
        Done = "done",
        /// The input was refused: nothing changed.
        Refused = "refused",
        /// The actor may not do it, or not know of it: nothing changed.
        Denied = "denied",
        /// It failed for a reason of ours.
        Failed = "failed",
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Id.
    pub id: ActivityId,
    /// On whose data; absent for what is the BSP's own, or nobody's.
    pub client: Option<ClientId>,
    /// When.
    pub at: Instant,
    /// What kind of actor.
    pub actor: ActivityActor,
    /// The person, if it is one.
    pub user: Option<UserId>,
    /// The program, if it is one.
    pub token: Option<ApiTokenId>,
    /// What: the name of the mutation, or of the operation of another kind.
    pub action: String,
    /// Ids of what it was done to, as the caller named them; the first is the subject.
    pub subjects: Vec<String>,
    /// How it ended.
    pub outcome: ActivityOutcome,
    /// Why it was not done, for programs.
    pub code: Option<String>,
    /// Address that it came from.
    pub address: Option<String>,
    /// Id of the request.
    pub request: Option<String>,
}

/// Who an actor is, as entries keep it.
pub const fn identity(actor: &Actor) -> (ActivityActor, Option<UserId>, Option<ApiTokenId>) {
    match actor {
        Actor::Anonymous => (ActivityActor::Anonymous, None, None),
        Actor::Staff { user, .. } | Actor::Viewing { user, .. } => (ActivityActor::Staff, Some(*user), None),
        Actor::ClientUser { user, .. } => (ActivityActor::ClientUser, Some(*user), None),
        Actor::Token { token, .. } => (ActivityActor::Token, None, Some(*token)),
        Actor::System => (ActivityActor::System, None, None),
    }
}

impl Activity {
    /// The hash under which the entry is sealed: of every value that it has.
    pub fn seal(&self) -> Hash {
        let at = self.at.timestamp_micros().to_string();
        let texts = [
            Some("activity.v1".to_owned()),
            Some(self.id.to_string()),
            self.client.map(|client| client.to_string()),
            Some(at),
            Some(self.actor.to_string()),
            self.user.map(|user| user.to_string()),
            self.token.map(|token| token.to_string()),
            Some(self.action.clone()),
            Some(self.subjects.join(" ")),
            Some(self.outcome.to_string()),
            self.code.clone(),
            self.address.clone(),
            self.request.clone(),
        ];
        merkle::leaf(&merkle::record(texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Activity {
        Activity {
            id: ActivityId::from_uuid(uuid::Uuid::from_u128(1)),
            client: None,
            at: Instant::default(),
            actor: ActivityActor::Staff,
            user: Some(UserId::from_uuid(uuid::Uuid::from_u128(2))),
            token: None,
            action: "ticketAssign".to_owned(),
            subjects: vec!["tkt_1".to_owned()],
            outcome: ActivityOutcome::Done,
            code: None,
            address: Some("192.0.2.1".to_owned()),
            request: None,
        }
    }

    #[test]
    fn the_seal_is_of_every_value() {
        let id = uuid::Uuid::from_u128(9);
        let changes: &[fn(&mut Activity, uuid::Uuid)] = &[
            |entry, id| entry.id = ActivityId::from_uuid(id),
            |entry, id| entry.client = Some(ClientId::from_uuid(id)),
            |entry, _| entry.at += chrono::TimeDelta::microseconds(1),
            |entry, _| entry.actor = ActivityActor::ClientUser,
            |entry, id| entry.user = Some(UserId::from_uuid(id)),
            |entry, id| entry.token = Some(ApiTokenId::from_uuid(id)),
            |entry, _| entry.action.push('x'),
            |entry, _| entry.subjects.push("usr_1".to_owned()),
            |entry, _| entry.outcome = ActivityOutcome::Denied,
            |entry, _| entry.code = Some(String::new()),
            |entry, _| entry.address = None,
            |entry, _| entry.request = Some("r".to_owned()),
            // What moves from one value to the next is a change too.
            |entry, _| (entry.address, entry.request) = (None, Some("192.0.2.1".to_owned())),
        ];
        let mut seals = vec![entry().seal()];
        for change in changes {
            let mut changed = entry();
            change(&mut changed, id);
            seals.push(changed.seal());
        }
        let distinct: std::collections::BTreeSet<_> = seals.iter().collect();
        assert_eq!(distinct.len(), changes.len() + 1);
    }
}
