//! Previews without some messages.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000014_counterfactuals",
    sql: r"
ALTER TABLE audit_previews ADD COLUMN without @json;
ALTER TABLE audit_previews ADD COLUMN searches_remedies @bool NOT NULL DEFAULT false;
ALTER TABLE audit_previews ADD COLUMN counterfactual @json;
ALTER TABLE audit_previews ADD COLUMN remedies @json;
",
    walls: &[],
};
