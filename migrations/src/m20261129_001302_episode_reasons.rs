//! Why an episode of enforcement is taken to have reached its step, and how far it came on the ladder of misused utility templates.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001302_episode_reasons",
    sql: r"
ALTER TABLE enforcement_episodes ADD COLUMN stage_reason @json;
ALTER TABLE enforcement_episodes ADD COLUMN utility_misuse text;
",
    walls: &[],
};
