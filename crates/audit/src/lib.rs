//! Rules over traffic: one recipient's history is replayed, verdicts are tallied, tallies merge, rules turn the merged
//! tally into findings. Pure: no I/O, no clock, no text for people.

mod history;
mod inputs;
mod names;
mod replay;
mod report;
mod settings;
mod tally;
mod thresholds;

pub use history::{Consent, History, Inbound, NO_NAME, NameId, Send};
pub use inputs::{DeclaredCampaign, Fed, Inputs};
pub use names::{Names, TemplateName};
pub use replay::Replay;
pub use report::report;
pub use settings::Settings;
pub use tally::Tally;
pub use thresholds::{
    ConsentThresholds, LimitThresholds, ListThresholds, OptOutThresholds, PressureThresholds, SpikeThresholds,
    TemplateThresholds, Thresholds, WindowThresholds,
};
