//! Teams of the staff.

use domain::{
    TeamId, UserId,
    access::Permission::{TicketsInternal, UsersWrite},
    tickets::Team,
};
use store::Tx;

use super::super::{
    TicketCode,
    change::{refuse, text},
};
use crate::{NoCode, OpCtx, OpError};

/// What a team is to be.
#[derive(Debug, Clone)]
pub struct NewTeam {
    /// Name, unique.
    pub name: String,
    /// Who leads it.
    pub lead: Option<UserId>,
    /// Who is in it.
    pub members: Vec<UserId>,
}

/// Every team, by name.
///
/// # Errors
/// `Forbidden` without `tickets:internal`.
pub async fn teams(op: &OpCtx) -> Result<Vec<Team>, OpError<NoCode>> {
    op.require(TicketsInternal)?;
    if !op.sees_all() {
        return Ok(Vec::new());
    }
    Ok(store::teams::all(&*op.reader().await?).await?)
}

/// Makes a team.
///
/// # Errors
/// `NameInvalid`, `NameTaken`, `AssigneeNotFound`; `Forbidden` without `users:write`.
pub async fn create_team(op: &OpCtx, input: NewTeam) -> Result<Team, OpError<TicketCode>> {
    let (tx, input) = begin(op, input).await?;
    let team = Team {
        id: TeamId::new(op.now(), op.random()),
        name: input.name,
        lead: input.lead,
        members: input.members,
        created_at: op.now(),
        version: 1,
    };
    match store::teams::insert(&tx, &team).await {
        Err(error) if error.is_conflict() => return refuse(TicketCode::NameTaken, "name"),
        result => result?,
    }
    tx.commit().await?;
    Ok(team)
}

/// Changes name, lead and members of a team.
///
/// # Errors
/// As [`create_team`]; `NotFound`; `Conflict` when somebody else was first.
pub async fn change_team(
    op: &OpCtx,
    id: TeamId,
    expected_version: Option<i32>,
    input: NewTeam,
) -> Result<Team, OpError<TicketCode>> {
    let (tx, input) = begin(op, input).await?;
    let before = store::teams::all(&tx).await?.into_iter().find(|team| team.id == id).ok_or(OpError::NotFound)?;
    if expected_version.is_some_and(|expected| expected != before.version) {
        return Err(OpError::Conflict { current: before.version });
    }
    let team = Team { name: input.name, lead: input.lead, members: input.members, ..before };
    let written = match store::teams::update(&tx, &team).await {
        Err(error) if error.is_conflict() => return refuse(TicketCode::NameTaken, "name"),
        result => result?,
    };
    if !written {
        return Err(OpError::Conflict { current: team.version + 1 });
    }
    tx.commit().await?;
    Ok(Team { version: team.version + 1, ..team })
}

/// Checks what a team is to be; its lead is a member.
async fn begin(op: &OpCtx, mut input: NewTeam) -> Result<(Tx, NewTeam), OpError<TicketCode>> {
    op.require(UsersWrite)?;
    if !op.sees_all() {
        return Err(OpError::NotFound);
    }
    input.name = text(&input.name, 100, TicketCode::NameInvalid, "name")?;
    input.members.extend(input.lead);
    input.members.sort_unstable();
    input.members.dedup();
    let tx = op.write().await?;
    let users = store::users::by_ids(&tx, &input.members).await?;
    let staff = users.iter().filter(|user| user.role.is_staff() && user.disabled_at.is_none()).count();
    if staff == input.members.len() { Ok((tx, input)) } else { refuse(TicketCode::AssigneeNotFound, "memberIds") }
}
