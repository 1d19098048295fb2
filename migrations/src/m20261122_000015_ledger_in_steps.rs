//! How far an import of consents has come with the ledger, so that a large one enters it in many small transactions.

use crate::script::Script;

/// `ledger_stage` is 0 when nothing of the import is left to be tidied up or entered, 1 while its events wait in
/// `consent_staging`, 2 while they are being entered into `consent_events`, where nobody reads them before the import is
/// completed. One import of a client enters the ledger at a time: that keeps the positions without gaps, and rows of an unfinished
/// import from standing in the way of another's.
pub(crate) const SCRIPT: Script = Script {
    name: "m20261122_000015_ledger_in_steps",
    sql: r"
ALTER TABLE imports ADD COLUMN ledger_stage integer NOT NULL DEFAULT 0;
UPDATE imports SET ledger_stage = 1 WHERE kind = 'consents' AND state = 'running';
CREATE UNIQUE INDEX imports_client_id_key ON imports (client_id) WHERE ledger_stage = 2;
CREATE INDEX imports_left_idx ON imports (id) WHERE ledger_stage > 0 AND state <> 'running';
",
    walls: &[],
};
