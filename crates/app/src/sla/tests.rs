//! What SLA terms promise, on both stores.

mod clock;
mod explaining;
mod quiet;
mod reports;
mod setting;
mod what_if;

use ::sla::Scope;
use domain::{
    ClientId,
    access::Role,
    tickets::{Ticket, TicketKind, TicketPriority},
};
use serde_json::{Value, json};

use super::{Metric, Release, Timer, ensure_defaults, of_tickets};
use crate::{
    OpCtx,
    testing::TestApp,
    tickets::{NewTicket, Target, open},
};

pub(super) const HOUR: i64 = 3_600;

/// A client, the default terms, and people on all sides.
pub(super) struct Scene {
    pub(super) app: TestApp,
    pub(super) client: ClientId,
    admin: OpCtx,
    agent: OpCtx,
}

impl Scene {
    pub(super) async fn new(app: TestApp) -> Self {
        ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic-shoes").await;
        let admin = app.staff(Role::BspAdmin).await;
        let agent = app.staff(Role::SupportAgent).await;
        Self { app, client, admin, agent }
    }

    /// Whoever runs the BSP, now.
    pub(super) fn admin(&self) -> OpCtx {
        self.app.op(self.admin.actor().clone())
    }

    /// An agent, now.
    pub(super) fn agent(&self) -> OpCtx {
        self.app.op(self.agent.actor().clone())
    }

    pub(super) async fn ticket(&self, priority: TicketPriority) -> Ticket {
        let new = NewTicket {
            client: self.client,
            kind: TicketKind::Other,
            priority: Some(priority),
            title: None,
            text: None,
            waba: None,
            phone_number: None,
            template: None,
            findings: Vec::new(),
            notice: None,
        };
        open(&self.agent(), new).await.unwrap()
    }

    /// Lets the clock do what has come due.
    pub(super) async fn run_clock(&self) {
        while super::tick(&self.app.system()).await.unwrap() > 0 {}
    }

    pub(super) async fn timer(&self, ticket: &Ticket, metric: Metric) -> Timer {
        let mut standings = of_tickets(&self.agent(), &[ticket.id]).await.unwrap();
        let timers = standings.remove(&ticket.id).unwrap().timers.clone();
        timers.into_iter().rfind(|timer| timer.metric == metric).unwrap()
    }
}

/// Whatever version stands.
pub(super) fn any(ticket: &Ticket) -> Target {
    Target { ticket: ticket.id, expected_version: None }
}

pub(super) fn release(scope: Scope) -> Release {
    Release {
        client: None,
        scope,
        effective_from: None,
        reason: "Agreed with the clients.".to_owned(),
        expected_version: None,
    }
}

/// A policy with one metric, of so many hours for every priority, by a calendar.
pub(super) fn policy(metric: &str, hours: u64, calendar: &str) -> Value {
    let goal = json!({ "target": { "seconds": hours * 3_600 }, "calendar": calendar });
    json!({
        "metrics": [{ "metric": metric, "goals": { "P1": goal, "P2": goal, "P3": goal, "P4": goal }, "pauses_for": ["client", "meta"] }],
        "levels": [50, 75, 90],
    })
}
