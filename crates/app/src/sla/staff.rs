//! Who is meant by an escalation, among the staff: read once for all that came due together.

use std::collections::BTreeSet;

use ::sla::Recipient;
use domain::{
    UserId,
    access::Role,
    tickets::{Team, Ticket},
};
use store::Tx;

use crate::OpError;

/// Whoever leads and runs the work on tickets.
#[derive(Debug)]
pub(super) struct Staff {
    managers: Vec<UserId>,
    /// By name; a lead who was shut out leads no more.
    teams: Vec<Team>,
}

impl Staff {
    /// Reads who they are.
    pub(super) async fn read(tx: &Tx) -> Result<Self, OpError> {
        let managers = store::users::enabled(tx, None, &[Role::BspAdmin]).await?;
        let mut teams = store::teams::all(tx).await?;
        let leads: Vec<UserId> = teams.iter().filter_map(|team| team.lead).collect();
        let leads: BTreeSet<UserId> = store::users::by_ids(tx, &leads)
            .await?
            .into_iter()
            .filter(|user| user.disabled_at.is_none() && user.role.is_staff())
            .map(|user| user.id)
            .collect();
        for team in &mut teams {
            team.lead = team.lead.filter(|lead| leads.contains(lead));
        }
        Ok(Self { managers: managers.into_iter().map(|user| user.id).collect(), teams })
    }

    /// Who a recipient is.
    pub(super) fn people(&self, ticket: &Ticket, recipient: Recipient) -> Vec<UserId> {
        match recipient {
            Recipient::Owner => ticket.assignee.into_iter().collect(),
            Recipient::Client => Vec::new(),
            Recipient::Lead => self.lead(ticket).map_or_else(|| self.managers.clone(), |lead| vec![lead]),
            Recipient::Manager => self.managers.clone(),
        }
    }

    /// Who leads the ticket's team, or else a team of whoever works on it.
    fn lead(&self, ticket: &Ticket) -> Option<UserId> {
        let given = self.teams.iter().find(|team| Some(team.id) == ticket.team).and_then(|team| team.lead);
        let theirs = || {
            let assignee = ticket.assignee?;
            self.teams.iter().filter(|team| team.members.contains(&assignee)).find_map(|team| team.lead)
        };
        given.or_else(theirs)
    }
}
