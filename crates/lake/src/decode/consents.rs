//! Rows of consents.

use audit::{NO_NAME, NameId};
use domain::traffic::{ConsentAction, ConsentScope};
use xxhash_rust::xxh3::xxh3_64;

use super::Decoder;
use super::columns::{Presence, identities, instants, words};
use super::people::UserId;
use super::words::Table;
use crate::exchange::columns::consent as column;
use crate::exchange::instant::ABSENT;
use crate::exchange::read::batch::SourceBatch;
use crate::exchange::{Kind, RowErrors, RowReason, words as vocabulary};

/// One row that was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConsentRecord {
    pub(crate) key: u64,
    pub(crate) user: UserId,
    /// Place in file order, over all files.
    pub(crate) order: u64,
    /// The row's place in its batch, where the rest of its cells are.
    pub(crate) row: usize,
    pub(crate) effective_at: i64,
    /// `effective_at`, or what the reader was told, where the row has none.
    pub(crate) recorded_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) action: ConsentAction,
    pub(crate) scope: ConsentScope,
    pub(crate) source: NameId,
    pub(crate) wording: NameId,
    pub(crate) controller: NameId,
    pub(crate) brand_shown: NameId,
    /// Hash of the address; 0 when absent.
    pub(crate) address: u64,
    pub(crate) has_evidence: bool,
}

const ACTIONS: [ConsentAction; 2] = [ConsentAction::OptIn, ConsentAction::OptOut];
const SCOPES: [ConsentScope; 4] =
    [ConsentScope::Marketing, ConsentScope::Utility, ConsentScope::Authentication, ConsentScope::All];

impl ConsentRecord {
    /// Action, scope and whether there is evidence, in one byte.
    pub(crate) const fn kinds(&self) -> u8 {
        self.action as u8 | (self.scope as u8) << 1 | (self.has_evidence as u8) << 3
    }

    /// What [`ConsentRecord::kinds`] put into a byte.
    pub(crate) const fn of_kinds(kinds: u8) -> (ConsentAction, ConsentScope, bool) {
        (ACTIONS[(kinds & 1) as usize], SCOPES[(kinds >> 1 & 3) as usize], kinds & 8 != 0)
    }
}

/// The hash that stands for an address; never 0 but for an absent one.
fn address_hash(text: &str) -> u64 {
    if text.is_empty() { 0 } else { xxh3_64(text.as_bytes()).max(1) }
}

impl Decoder<'_> {
    /// Hands the good rows of `batch` to `sink`, in their order; the others go to `errors`. Rows without `recorded_at` get
    /// `default_recorded_at`, or their `effective_at` when there is none.
    pub(crate) fn consents(
        &mut self,
        batch: &SourceBatch,
        default_recorded_at: Option<i64>,
        errors: &mut RowErrors,
        mut sink: impl FnMut(ConsentRecord),
    ) {
        let (faults, names) = (&mut self.faults, &mut self.words);
        faults.reset(batch.rows);
        let (required, optional) = (Presence::Required, Presence::Optional);
        let actions = words(batch, column::ACTION, required, ConsentAction::OptIn, faults, |word| {
            vocabulary::action(word).ok_or(RowReason::UnknownAction)
        });
        let scopes = words(batch, column::SCOPE, required, ConsentScope::All, faults, |word| {
            vocabulary::scope(word).ok_or(RowReason::UnknownScope)
        });
        let effective = instants(batch, column::EFFECTIVE_AT, required, faults);
        let recorded = instants(batch, column::RECORDED_AT, optional, faults);
        let mut word = |position, table, faults: &mut _| {
            words(batch, position, optional, NO_NAME, faults, |word| Ok(names.id(table, word)))
        };
        let sources = word(column::SOURCE, Table::Sources, faults);
        let wordings = word(column::WORDING_VERSION, Table::Wordings, faults);
        let controllers = word(column::CONTROLLER, Table::Controllers, faults);
        let brands = word(column::BRAND_SHOWN, Table::Brands, faults);
        let expires = instants(batch, column::EXPIRES_AT, optional, faults);
        let people = identities(batch, column::RECIPIENT, column::USER_ID, self.people, faults);
        for row in 0..batch.rows {
            if faults.is_bad(row) {
                continue;
            }
            sink(ConsentRecord {
                key: people.keys[row],
                user: people.users[row],
                order: self.file_base + batch.places.line(row),
                row,
                effective_at: effective[row],
                recorded_at: match recorded[row] {
                    ABSENT => default_recorded_at.unwrap_or(effective[row]),
                    instant => instant,
                },
                expires_at: expires[row],
                action: actions[row],
                scope: scopes[row],
                source: sources[row],
                wording: wordings[row],
                controller: controllers[row],
                brand_shown: brands[row],
                address: address_hash(batch.columns[column::IP].text(row)),
                has_evidence: !batch.columns[column::EVIDENCE].text(row).is_empty(),
            });
        }
        self.report(batch, Kind::Consents, errors);
    }
}
