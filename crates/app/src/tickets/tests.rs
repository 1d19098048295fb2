//! What tickets promise, on both stores.

mod access;
mod actions;
mod can;
mod enforcement;
mod events;
mod links;
mod organise;
mod remedies;
mod road;
mod sla;

use domain::{
    ClientId, WabaId,
    access::Role,
    tickets::{Ticket, TicketEvent, TicketKind},
};
use store::page::Keyset;

use super::{NewTicket, Target, open, timeline_page};
use crate::{
    OpCtx,
    assets::{NewWaba, create_waba},
    testing::TestApp,
};

/// A client with an account, an agent, and the terms by which tickets are judged.
struct Scene {
    app: TestApp,
    client: ClientId,
    waba: WabaId,
    agent: OpCtx,
    admin: OpCtx,
}

impl Scene {
    async fn new(app: TestApp) -> Self {
        crate::sla::ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic-shoes").await;
        let agent = app.staff(Role::SupportAgent).await;
        let waba = waba(&agent, client, "102290129340398").await;
        let admin = app.client_user(Role::ClientAdmin, client).await;
        Self { app, client, waba, agent, admin }
    }

    /// The agent, now.
    fn agent(&self) -> OpCtx {
        self.app.op(self.agent.actor().clone())
    }

    /// The client's admin, now.
    fn admin(&self) -> OpCtx {
        self.app.op(self.admin.actor().clone())
    }

    fn new_ticket(&self) -> NewTicket {
        NewTicket {
            client: self.client,
            kind: TicketKind::AccountRestricted,
            priority: None,
            title: None,
            text: None,
            waba: Some(self.waba),
            phone_number: None,
            template: None,
            findings: Vec::new(),
            notice: None,
        }
    }

    async fn ticket(&self) -> Ticket {
        open(&self.agent(), self.new_ticket()).await.unwrap()
    }
}

async fn waba(agent: &OpCtx, client: ClientId, meta_id: &str) -> WabaId {
    let new = NewWaba {
        client,
        meta_id: meta_id.to_owned(),
        name: "Main".to_owned(),
        portfolio_meta_id: None,
        messaging_limit: Some(2_000),
    };
    create_waba(agent, new).await.unwrap().id
}

/// Whatever version stands.
fn any(ticket: &Ticket) -> Target {
    Target { ticket: ticket.id, expected_version: None }
}

/// The version that was seen.
fn seen(ticket: &Ticket) -> Target {
    Target { ticket: ticket.id, expected_version: Some(ticket.version) }
}

async fn timeline(op: &OpCtx, ticket: &Ticket) -> Vec<TicketEvent> {
    timeline_page(op, ticket.id, &Keyset::first(100)).await.unwrap().items
}
