//! Feeds a few hand-made histories to an audit and prints what it finds: the engine alone, without files, lake or server.
//!
//!     cargo run -p audit --example findings
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use audit::{Fed, History, Inbound, Inputs, NO_NAME, Names, Place, Replay, Send, Settings, TemplateName, report};
use domain::traffic::{
    Category, MessageType, Outcome, PlatformEvent, PlatformEventKind, RuleState, Surroundings, instant_of_micros,
};

/// 2026-09-01T08:00:00Z, in microseconds since 1970.
const START: i64 = 1_788_249_600_000_000;
const HOUR: i64 = 3_600_000_000;

fn main() {
    // Names are interned once; messages carry their ids.
    let names = Names {
        numbers: vec!["1055".into()],
        templates: vec![TemplateName { name: "autumn_sale".into(), language: "it".into() }],
        lists: vec!["spring-fair".into()],
        ..Names::default()
    };
    // What is known beside the messages: here, that Meta paused the template two hours after the first send.
    let paused = PlatformEventKind::TemplateStatus {
        name: "autumn_sale".into(),
        language: "it".into(),
        status: "PAUSED".into(),
        reason: None,
    };
    let paused = PlatformEvent::new(instant_of_micros(START + 2 * HOUR), paused);
    let surroundings = Surroundings { events: Some(vec![paused]), ..Surroundings::default() };

    // One replay a thread or machine; each recipient is fed once, to one of them, with all that is known of it.
    let settings = Settings::default();
    let mut replays =
        [Replay::informed(&settings, &names, &surroundings), Replay::informed(&settings, &names, &surroundings)];
    for person in 0..40 {
        let recipient = format!("39333{:07}", 1_234_567 + person);
        let id = format!("wamid.{person}");
        let sends = [sale(&id, START + person * HOUR / 10, person % 4 == 0)];
        // Every third person had written before and is in the window.
        let question = [Inbound { received_at: START - HOUR, number: 0, text: Some("Siete aperti domani?") }];
        let inbound = if person % 3 == 0 { &question[..] } else { &[] };
        let history = History { recipient: recipient.as_bytes(), sends: &sends, inbound, consents: &[] };
        replays[person as usize % 2].feed(&history);
    }

    // Tallies merge in any order; the report judges the whole.
    let [first, second] = replays;
    let mut tally = first.finish();
    tally.merge(second.finish());
    let fed = Fed { messages: true, inbound: true, consents: true };
    let inputs = Inputs { fed, surroundings, ..Inputs::default() };
    let report = report(&tally, &names, &inputs, &settings);

    println!("{} messages to {} people", report.totals.messages, report.totals.recipients);
    for finding in &report.findings {
        let subject = finding.subject.id.as_deref().unwrap_or("the whole account");
        println!("{:8} {} {subject}: {} messages", finding.severity.as_str(), finding.rule, finding.messages);
    }
    let unfed = report.rules.iter().filter(|result| result.state == RuleState::NotFed).count();
    println!("{unfed} rules were not judged: nobody gave them their data");
}

fn sale(id: &str, sent_at: i64, refused: bool) -> Send<'_> {
    Send {
        message_id: id.as_bytes(),
        place: Place::default(),
        sent_at,
        number: 0,
        template: 0,
        template_name: 0,
        list: 0,
        campaign: NO_NAME,
        error_code: refused.then_some(132_012),
        message_type: MessageType::Template,
        category: Category::Marketing,
        outcome: if refused { Outcome::Failed } else { Outcome::Delivered },
    }
}
