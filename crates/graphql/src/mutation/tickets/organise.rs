//! How staff organises its work: `ticketTeamSet`, `ticketTag`, `ticketWatch`, `ticketUnwatch`, `teamCreate`, `teamChange`,
//! `replyMacroSave`, `replyMacroDelete`; and lists that everybody keeps: `savedViewSave`, `savedViewDelete`.

use app::tickets::{NewMacro, NewTeam, NewView};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::{TicketPayload, TicketUserError, target};
use crate::{
    context::ContextExt as _,
    filters::bounded,
    id::{optional, parse, parse_all},
    scalars::Json,
    types::{ReplyMacro, SavedView, Team},
};

/// A team for a ticket.
#[derive(Debug, InputObject)]
pub(crate) struct TicketTeamSetInput {
    /// The ticket.
    ticket_id: ID,
    /// The team; absent, none.
    team_id: Option<ID>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Tags for a ticket: letters, digits, `-` and `_`, at most 40 of them.
#[derive(Debug, InputObject)]
pub(crate) struct TicketTagInput {
    /// The ticket.
    ticket_id: ID,
    /// Tags that it is to have.
    #[graphql(default)]
    add: Vec<String>,
    /// Tags that it is to lose.
    #[graphql(default)]
    remove: Vec<String>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Somebody who watches a ticket, or no longer.
#[derive(Debug, InputObject)]
pub(crate) struct TicketWatchInput {
    /// The ticket.
    ticket_id: ID,
    /// The member of staff; absent, you.
    user_id: Option<ID>,
}

/// A team to be made.
#[derive(Debug, InputObject)]
pub(crate) struct TeamCreateInput {
    /// Name, unique, at most 100 characters.
    name: String,
    /// Who leads it; becomes a member.
    lead_id: Option<ID>,
    /// Who is in it, at most 100.
    #[graphql(default)]
    member_ids: Vec<ID>,
}

/// What a team is to be from now on, as a whole.
#[derive(Debug, InputObject)]
pub(crate) struct TeamChangeInput {
    /// The team.
    team_id: ID,
    /// Name, unique, at most 100 characters.
    name: String,
    /// Who leads it; becomes a member.
    lead_id: Option<ID>,
    /// Who is in it, at most 100.
    #[graphql(default)]
    member_ids: Vec<ID>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// A reply that is written beforehand.
#[derive(Debug, InputObject)]
pub(crate) struct ReplyMacroSaveInput {
    /// The macro to be changed; absent, a new one.
    reply_macro_id: Option<ID>,
    /// Name, unique, at most 100 characters.
    name: String,
    /// The text. Places in it are `{{ticket.ref}}`, `{{ticket.title}}`, `{{client.name}}`, `{{agent.name}}` and `{{appeal.deadline}}`.
    body: String,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// A macro to be deleted.
#[derive(Debug, InputObject)]
pub(crate) struct ReplyMacroDeleteInput {
    /// The macro.
    reply_macro_id: ID,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// A list to be kept; one of the same name is replaced.
#[derive(Debug, InputObject)]
pub(crate) struct SavedViewSaveInput {
    /// Name, at most 100 characters.
    name: String,
    /// Filter and order, as `tickets` takes them.
    view: Json,
}

/// A list to be forgotten.
#[derive(Debug, InputObject)]
pub(crate) struct SavedViewDeleteInput {
    /// The list.
    saved_view_id: ID,
}

/// The team after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct TeamPayload {
    /// The team; absent when the input was refused.
    team: Option<Team>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

/// The macro after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct ReplyMacroPayload {
    /// The macro; absent when it was deleted or the input refused.
    reply_macro: Option<ReplyMacro>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

/// The list after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct SavedViewPayload {
    /// The list; absent when it was forgotten or the input refused.
    saved_view: Option<SavedView>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

fn team(name: String, lead: Option<&ID>, members: Vec<ID>) -> Result<NewTeam> {
    Ok(NewTeam { name, lead: optional(lead)?, members: parse_all(&bounded(members)?)? })
}

/// Organising work.
#[derive(Debug, Default)]
pub(crate) struct OrganiseMutation;

#[Object]
impl OrganiseMutation {
    /// Gives a ticket to a team, or to none; who works on it stays. Requires `tickets:write`.
    async fn ticket_team_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team.")] input: TicketTeamSetInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let team = optional(input.team_id.as_ref())?;
        TicketPayload::of(ctx.op(), target, app::tickets::give_to_team(ctx.op(), target, team).await).await
    }

    /// Gives a ticket tags, and takes others away; clients do not see them. Requires `tickets:write`.
    async fn ticket_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tags.")] input: TicketTagInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let tagged = app::tickets::tag(ctx.op(), target, &bounded(input.add)?, &bounded(input.remove)?).await;
        TicketPayload::of(ctx.op(), target, tagged).await
    }

    /// Has a member of staff told of what the client does on a ticket. Requires `tickets:write`.
    async fn ticket_watch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who watches.")] input: TicketWatchInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, None)?;
        let watched = app::tickets::watch(ctx.op(), target, optional(input.user_id.as_ref())?).await;
        TicketPayload::of(ctx.op(), target, watched).await
    }

    /// Has a member of staff told no more. Requires `tickets:write`.
    async fn ticket_unwatch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who watches no more.")] input: TicketWatchInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, None)?;
        let unwatched = app::tickets::unwatch(ctx.op(), target, optional(input.user_id.as_ref())?).await;
        TicketPayload::of(ctx.op(), target, unwatched).await
    }

    /// Makes a team of the staff. Requires `users:write`.
    async fn team_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team.")] input: TeamCreateInput,
    ) -> Result<TeamPayload> {
        let new = team(input.name, input.lead_id.as_ref(), input.member_ids)?;
        let (made, user_errors) = TicketUserError::split(ctx.op(), app::tickets::create_team(ctx.op(), new).await)?;
        Ok(TeamPayload { team: made.map(Team), user_errors })
    }

    /// Changes name, lead and members of a team. Requires `users:write`.
    async fn team_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team.")] input: TeamChangeInput,
    ) -> Result<TeamPayload> {
        let new = team(input.name, input.lead_id.as_ref(), input.member_ids)?;
        let id = parse(&input.team_id)?;
        let changed = app::tickets::change_team(ctx.op(), id, input.expected_version, new).await;
        let (changed, user_errors) = TicketUserError::split(ctx.op(), changed)?;
        Ok(TeamPayload { team: changed.map(Team), user_errors })
    }

    /// Keeps a reply that is written beforehand. Requires `tickets:write`.
    async fn reply_macro_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The macro.")] input: ReplyMacroSaveInput,
    ) -> Result<ReplyMacroPayload> {
        let new = NewMacro {
            id: optional(input.reply_macro_id.as_ref())?,
            name: input.name,
            body: input.body,
            expected_version: input.expected_version,
        };
        let (saved, user_errors) = TicketUserError::split(ctx.op(), app::tickets::save_macro(ctx.op(), new).await)?;
        Ok(ReplyMacroPayload { reply_macro: saved.map(ReplyMacro), user_errors })
    }

    /// Deletes a reply that was written beforehand. Requires `tickets:write`.
    async fn reply_macro_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The macro.")] input: ReplyMacroDeleteInput,
    ) -> Result<ReplyMacroPayload> {
        let id = parse(&input.reply_macro_id)?;
        let deleted = app::tickets::delete_macro(ctx.op(), id, input.expected_version).await;
        let (_, user_errors) = TicketUserError::split(ctx.op(), deleted)?;
        Ok(ReplyMacroPayload { reply_macro: None, user_errors })
    }

    /// Keeps a list of tickets for you. Requires `tickets:open`.
    async fn saved_view_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list.")] input: SavedViewSaveInput,
    ) -> Result<SavedViewPayload> {
        let new = NewView { name: input.name, view: input.view.0 };
        let (saved, user_errors) = TicketUserError::split(ctx.op(), app::tickets::save_view(ctx.op(), new).await)?;
        Ok(SavedViewPayload { saved_view: saved.map(SavedView), user_errors })
    }

    /// Forgets a list of yours. Requires `tickets:open`.
    async fn saved_view_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list.")] input: SavedViewDeleteInput,
    ) -> Result<SavedViewPayload> {
        let deleted = app::tickets::delete_view(ctx.op(), parse(&input.saved_view_id)?).await;
        let (_, user_errors) = TicketUserError::split(ctx.op(), deleted)?;
        Ok(SavedViewPayload { saved_view: None, user_errors })
    }
}
