//! Rules over traffic: one recipient's history is replayed, verdicts are tallied, tallies merge, rules turn the merged
//! tally into findings. Pure: no I/O, no clock, no text for people.
//!
//! # Use
//!
//! Intern the names of the traffic in [`Names`]; make one [`Replay`] per thread or machine; feed each recipient's whole
//! [`History`] to exactly one of them; merge their tallies in any order; ask for the [`report()`].
//!
//! ```
//! use audit::{Consent, Fed, History, Inputs, NO_NAME, Names, Place, Replay, Send, Settings, TemplateName};
//! use domain::traffic::{Category, MessageType, Outcome, RuleId, Verdict};
//!
//! let names = Names {
//!     numbers: vec!["1055".into()],
//!     templates: vec![TemplateName { name: "autumn_sale".into(), language: "it".into() }],
//!     lists: vec!["spring-fair".into()],
//!     ..Names::default()
//! };
//! let send = Send {
//!     message_id: b"wamid.1",
//!     place: Place::default(),
//!     sent_at: 1_788_220_800_000_000, // 2026-09-01T00:00:00Z, in microseconds
//!     number: 0,
//!     template: 0,
//!     template_name: names.template_name_ids()[0],
//!     list: 0,
//!     campaign: NO_NAME,
//!     error_code: None,
//!     message_type: MessageType::Template,
//!     category: Category::Marketing,
//!     outcome: Outcome::Delivered,
//! };
//!
//! let settings = Settings::default();
//! let mut replay = Replay::new(&settings);
//! // Nobody with this number ever opted in, or wrote.
//! replay.feed(&History { recipient: b"393331234567", sends: &[send], inbound: &[], consents: &[] });
//! let mut tally = replay.finish();
//! tally.merge(Replay::new(&settings).finish()); // another thread's
//!
//! let fed = Fed { messages: true, inbound: true, consents: true, ..Fed::default() };
//! let report = audit::report(&tally, &names, &Inputs { fed, ..Inputs::default() }, &settings);
//! assert_eq!(report.consent.by_verdict[0].verdict, Verdict::None);
//! let finding = &report.findings[0];
//! assert_eq!((finding.rule, finding.subject.id.as_deref()), (RuleId::Con01, Some("spring-fair")));
//! assert_eq!(finding.sample[0].recipient_masked.as_deref(), Some("39333…67"));
//! ```
//!
//! # What is exact
//!
//! Every figure of the exchange formats, whatever the split: counts of distinct recipients too, because a recipient is fed
//! once. Samples are the messages whose ids hash lowest, so they do not depend on the split either. Memory follows the
//! number of names, days and hours; beside them, four bytes for each start and end of a recipient's active day, and with the
//! profile `full` two bytes for each opt-in, eight more for one with an address.

mod attribution;
mod counterfactual;
mod events;
mod history;
mod inputs;
pub mod lint;
mod names;
mod numbering;
mod replay;
mod report;
mod rules;
mod settings;
pub mod statistics;
mod tally;
mod wordings;
mod zones;

pub use counterfactual::{Alternatives, Contributors, Question, Removal, Search, compare};
pub use history::{Consent, History, Inbound, NO_NAME, NameId, Place, Send, message_hash};
pub use inputs::{Fed, Inputs};
pub use names::{Names, TemplateName};
pub use replay::{Replay, StopWords};
pub use report::{report, still_holds};
pub use settings::Settings;
pub use tally::{Tally, mask as mask_recipient};
