//! Where the time of a ticket went, as a table to be kept.

use domain::tickets::{TicketPriority::P3, WaitingOn};
use i18n::Lang;
use store::{both_stores, testing::TestStore};

use super::{HOUR, Scene, any};
use crate::{
    OpError,
    sla::{explanation_csv, of_reference},
    testing::TestApp,
    tickets::hand_to,
};

both_stores! {
    async fn the_account_of_a_ticket_is_a_table_that_sums_up_in_both_languages(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket(P3).await;
        let at_once = async |lang| {
            let (ticket, timers, zone) = of_reference(&scene.agent(), &ticket.reference()).await.unwrap();
            (explanation_csv(lang, &ticket, &timers, &zone), timers)
        };
        let (table, timers) = at_once(Lang::En).await;
        assert_eq!(table.lines().count(), 1 + timers.len(), "what began this second has a row all the same");
        scene.app.clock().advance(2 * HOUR);
        hand_to(&scene.agent(), any(&ticket), WaitingOn::Client).await.unwrap();
        scene.app.clock().advance(HOUR);
        for (lang, counted, waits) in [
            (Lang::En, "Opening hours. 2 h, counted.", "Waiting for the client (entry 2 of the timeline). 1 h, not counted."),
            (Lang::It, "Orario di servizio. 2 h, conteggiati.", "In attesa del cliente (voce 2 della cronologia). 1 h, non conteggiati."),
        ] {
            let (table, timers) = at_once(lang).await;
            let mut rows = table.split_terminator("\r\n");
            assert!(rows.next().unwrap().starts_with("ticket,metric,cycle,priority,state,started_at,due_at,"));
            let rows: Vec<&str> = rows.collect();
            for timer in &timers {
                let name = timer.metric.as_str();
                let own = rows.iter().filter(|row| row.split(',').nth(1) == Some(name));
                let sum: u64 = own.map(|row| row.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
                assert_eq!(sum, timer.elapsed_seconds, "{name}");
            }
            let begins = format!("{},submission,1,p3,paused,2026-11-23T08:00:00Z,,,,", ticket.reference());
            let submission: Vec<_> = rows.iter().filter(|row| row.starts_with(&begins)).collect();
            assert_eq!(submission.len(), 2, "{table}");
            assert!(submission[0].contains("2026-11-23T08:00:00Z,2026-11-23T10:00:00Z,,") && submission[0].contains(counted), "{table}");
            assert!(submission[1].contains("2026-11-23T10:00:00Z,2026-11-23T11:00:00Z,2,") && submission[1].contains(waits), "{table}");
            assert!(submission[1].ends_with(",3600,0"), "{table}");
        }
        let other = scene.app.client("other").await;
        let stranger = scene.app.client_user(domain::access::Role::ClientAdmin, other).await;
        assert!(matches!(of_reference(&stranger, &ticket.reference()).await, Err(OpError::NotFound)));
    }
}
