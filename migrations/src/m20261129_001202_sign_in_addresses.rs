//! From where people signed in, so that they are told of a sign-in from somewhere else.

use crate::script::Script;

pub(crate) const SCRIPT: Script = Script {
    name: "m20261129_001202_sign_in_addresses",
    sql: r"
ALTER TABLE sign_ins ADD COLUMN address text;
",
    walls: &[],
};
