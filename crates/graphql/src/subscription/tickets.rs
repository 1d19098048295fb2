//! Subscriptions to tickets.

use std::future::ready;

use app::{
    NoCode, OpError,
    tickets::{self, StreamFilter, StreamItem, StreamPlace},
};
use async_graphql::{Context, Error, ErrorExtensions as _, ID, InputObject, Result, SimpleObject, Subscription};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{StreamExt as _, stream::BoxStream};

use crate::{
    context::ContextExt as _,
    error::{ErrorCode, IntoFieldError, bad_input, coded},
    filters::bounded,
    id::optional,
    types::{Ticket, TicketEvent, TicketEventType},
};

/// Longest cursor: two numbers.
const LONGEST_CURSOR: usize = 200;

/// Which entries; conditions add up.
#[derive(Debug, Default, InputObject)]
pub(crate) struct TicketEventsFilterInput {
    /// Of tickets of this client.
    client_id: Option<ID>,
    /// Of this ticket.
    ticket_id: Option<ID>,
    /// Of these types, at most 100: `SLA_LEVEL_REACHED` alone tells of promises that are about to be broken, or are.
    type_in: Option<Vec<TicketEventType>>,
}

/// Something happened on a ticket.
#[derive(Debug, SimpleObject)]
pub(crate) struct TicketEventsPayload {
    /// Where to go on: give it as `after` when the connection was lost.
    cursor: String,
    /// The new entry of the timeline.
    event: TicketEvent,
    /// The ticket as it stands now, which may be later than the entry.
    ticket: Option<Ticket>,
}

/// Subscriptions to tickets.
#[derive(Debug, Default)]
pub(crate) struct TicketsSubscription;

#[Subscription]
impl TicketsSubscription {
    /// What happens on the tickets that you may know of: first what is there after `after`, then what comes. An entry is told once,
    /// in the order in which entries became visible. Who takes entries more slowly than they come gets the error `BEHIND` with the
    /// `cursor` to begin again from. Requires `tickets:read`.
    async fn ticket_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] filter: Option<TicketEventsFilterInput>,
        #[graphql(desc = "Cursor of the last entry that was received; absent: only what comes from now on.")]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<TicketEventsPayload>>> {
        let TicketEventsFilterInput { client_id, ticket_id, type_in: types } = filter.unwrap_or_default();
        let filter = StreamFilter {
            client: optional(client_id.as_ref())?,
            ticket: optional(ticket_id.as_ref())?,
            internal: false,
        };
        let types = types.map(bounded).transpose()?;
        let after = after.map(|text| decode(&text)).transpose()?;
        let op = ctx.op().clone();
        let events = tickets::events(op.clone(), filter, after).await.map_err(IntoFieldError::into_field_error)?;
        let events = events.filter(move |item| ready(is_wanted(item, types.as_deref())));
        let payloads = events.then(move |item| {
            let op = op.clone();
            async move { payload(&op, item.map_err(IntoFieldError::into_field_error)?).await }
        });
        Ok(payloads.boxed())
    }
}

/// Whether an item is to be told; that entries were missed is told to everybody.
fn is_wanted(item: &std::result::Result<StreamItem, OpError<NoCode>>, types: Option<&[TicketEventType]>) -> bool {
    match (item, types) {
        (Ok(StreamItem::Event(_, event)), Some(types)) => types.contains(&TicketEvent::kind_of(&event.kind)),
        _ => true,
    }
}

async fn payload(op: &app::OpCtx, item: StreamItem) -> Result<TicketEventsPayload> {
    match item {
        StreamItem::Event(place, event) => {
            let ticket = tickets::by_ids(op, &[event.ticket]).await.map_err(IntoFieldError::into_field_error)?.pop();
            Ok(TicketEventsPayload {
                cursor: encode(place),
                event: TicketEvent(*event),
                ticket: ticket.map(Into::into),
            })
        }
        StreamItem::Behind(place) => Err(behind(place)),
    }
}

fn behind(place: StreamPlace) -> Error {
    let message = "entries came faster than they were taken; subscribe again with `after` set to `extensions.cursor`";
    coded(ErrorCode::Behind, message).extend_with(|_, extensions| extensions.set("cursor", encode(place)))
}

fn encode(place: StreamPlace) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&place).unwrap_or_default())
}

fn decode(text: &str) -> Result<StreamPlace> {
    let unusable = || bad_input("`after` is no cursor of this subscription; take it from `cursor` of an entry");
    if text.len() > LONGEST_CURSOR {
        return Err(unusable());
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unusable())?;
    serde_json::from_slice(&bytes).map_err(|_| unusable())
}
