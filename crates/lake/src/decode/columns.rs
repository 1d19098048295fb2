//! Columns of cells into columns of values, with what is wrong noted by row.

use std::sync::MutexGuard;

use arrow::array::{Array, Int32Array, TimestampMicrosecondArray};

use super::people::{NO_USER, People, Tables, UserId, user_key};
use crate::exchange::columns::columns;
use crate::exchange::identity::{self, Identity};
use crate::exchange::instant::{self, ABSENT};
use crate::exchange::read::batch::{Column, Scale, SourceBatch};
use crate::exchange::{Kind, RowError, RowReason};

/// Longest id of a message and longest name, in bytes.
pub(super) const LONGEST_MESSAGE_ID: usize = 512;
pub(super) const LONGEST_WORD: usize = 1_024;

/// Marks an absent whole number.
pub(crate) const NO_NUMBER: u32 = u32::MAX;

/// The first thing that is wrong with each row of a batch.
#[derive(Debug, Default)]
pub(super) struct Faults {
    marks: Vec<Option<(usize, RowReason)>>,
    any: bool,
}

impl Faults {
    pub(super) fn reset(&mut self, rows: usize) {
        self.marks.clear();
        self.marks.resize(rows, None);
        self.any = false;
    }

    pub(super) fn mark(&mut self, row: usize, column: usize, reason: RowReason) {
        self.any = true;
        let mark = &mut self.marks[row];
        if mark.is_none_or(|(first, _)| column < first) {
            *mark = Some((column, reason));
        }
    }

    pub(super) fn any(&self) -> bool {
        self.any
    }

    pub(super) fn is_bad(&self, row: usize) -> bool {
        self.any && self.marks[row].is_some()
    }

    pub(super) fn errors<'a>(&'a self, batch: &'a SourceBatch, kind: Kind) -> impl Iterator<Item = RowError> + 'a {
        self.marks.iter().enumerate().filter_map(move |(row, mark)| {
            mark.map(|(column, reason)| RowError {
                line: batch.places.line(row),
                column: Some(columns(kind)[column].name),
                reason,
            })
        })
    }
}

/// Whether an empty cell is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    Optional,
}

/// Values of a column of words: each word of a dictionary is judged once. `of` is not asked of empty cells, which become
/// `absent`.
pub(super) fn words<T: Copy>(
    batch: &SourceBatch,
    position: usize,
    presence: Presence,
    absent: T,
    faults: &mut Faults,
    mut of: impl FnMut(&str) -> Result<T, RowReason>,
) -> Vec<T> {
    let column = &batch.columns[position];
    let mut judge = |word: &str| match (word.is_empty(), presence) {
        (true, Presence::Required) => Err(RowReason::Missing),
        (true, Presence::Optional) => Ok(absent),
        (false, _) if word.len() > LONGEST_WORD => Err(RowReason::TooLong),
        (false, _) => of(word),
    };
    if matches!(column, Column::Missing) {
        return vec![absent; batch.rows];
    }
    let mut values = Vec::with_capacity(batch.rows);
    let mut put = |row: usize, judged: Result<T, RowReason>| {
        values.push(judged.unwrap_or_else(|reason| {
            faults.mark(row, position, reason);
            absent
        }));
    };
    if let Column::Words { codes, words } = column {
        let empty = judge("");
        let of_code: Vec<Result<T, RowReason>> = (0..words.len())
            .map(|code| judge(if words.is_valid(code) { words.value(code).trim_ascii() } else { "" }))
            .collect();
        if let Some(good) = good_words(codes, &of_code, empty) {
            return good;
        }
        for row in 0..batch.rows {
            put(row, if codes.is_valid(row) { of_code[codes.value(row) as usize] } else { empty });
        }
    } else {
        for row in 0..batch.rows {
            put(row, judge(column.text(row)));
        }
    }
    values
}

/// The values of a column whose words, and empty cells if there are any, were all found good.
fn good_words<T: Copy>(
    codes: &Int32Array,
    of_code: &[Result<T, RowReason>],
    empty: Result<T, RowReason>,
) -> Option<Vec<T>> {
    let of_code: Vec<T> = of_code.iter().copied().collect::<Result<_, _>>().ok()?;
    let Some(nulls) = codes.nulls() else {
        return Some(codes.values().iter().map(|code| of_code[*code as usize]).collect());
    };
    let empty = empty.ok()?;
    let value = |(code, is_valid): (&i32, bool)| if is_valid { of_code[*code as usize] } else { empty };
    Some(codes.values().iter().zip(nulls.iter()).map(value).collect())
}

/// Instants in microseconds, [`ABSENT`] where there is none.
pub(super) fn instants(batch: &SourceBatch, position: usize, presence: Presence, faults: &mut Faults) -> Vec<i64> {
    let mut values = Vec::with_capacity(batch.rows);
    let mut put = |row: usize, cell: Option<Option<i64>>| {
        let value = match (cell, presence) {
            (Some(Some(micros)), _) => micros,
            (Some(None), _) => {
                faults.mark(row, position, RowReason::NotAnInstant);
                ABSENT
            }
            (None, Presence::Required) => {
                faults.mark(row, position, RowReason::Missing);
                ABSENT
            }
            (None, Presence::Optional) => ABSENT,
        };
        values.push(value);
    };
    match &batch.columns[position] {
        Column::Missing => return vec![ABSENT; batch.rows],
        Column::Instants { values, scale } => {
            if let Some(good) = good_instants(values, *scale, presence) {
                return good;
            }
            for row in 0..batch.rows {
                let micros = || scale.micros(values.value(row)).and_then(instant::in_range);
                put(row, values.is_valid(row).then(micros));
            }
        }
        Column::Integers(values) => {
            for row in 0..batch.rows {
                put(row, values.is_valid(row).then(|| instant::from_seconds(values.value(row))));
            }
        }
        text => {
            for row in 0..batch.rows {
                let cell = text.text(row);
                put(row, (!cell.is_empty()).then(|| instant::parse(cell)));
            }
        }
    }
    values
}

/// The values of a column of microseconds that were all found good.
fn good_instants(cells: &TimestampMicrosecondArray, scale: Scale, presence: Presence) -> Option<Vec<i64>> {
    let values = cells.values();
    // What stands in an absent cell may be anything: then each is looked at by itself.
    if scale != Scale::Micros || !values.iter().all(|micros| instant::in_range(*micros).is_some()) {
        return None;
    }
    let Some(nulls) = cells.nulls() else { return Some(values.to_vec()) };
    let value = |(micros, is_valid): (&i64, bool)| if is_valid { *micros } else { ABSENT };
    (presence == Presence::Optional).then(|| values.iter().zip(nulls.iter()).map(value).collect())
}

/// Whole numbers, [`NO_NUMBER`] where there is none.
pub(super) fn integers(batch: &SourceBatch, position: usize, faults: &mut Faults) -> Vec<u32> {
    let mut values = Vec::with_capacity(batch.rows);
    let mut put = |row: usize, cell: Option<Option<u32>>| {
        if cell.is_some_and(|number| number.is_none_or(|number| number == NO_NUMBER)) {
            faults.mark(row, position, RowReason::NotANumber);
        }
        values.push(cell.flatten().unwrap_or(NO_NUMBER));
    };
    match &batch.columns[position] {
        Column::Missing => return vec![NO_NUMBER; batch.rows],
        Column::Integers(numbers) => {
            for row in 0..batch.rows {
                put(row, numbers.is_valid(row).then(|| u32::try_from(numbers.value(row)).ok()));
            }
        }
        text => {
            for row in 0..batch.rows {
                let cell = text.text(row);
                put(row, (!cell.is_empty()).then(|| whole_number(cell)));
            }
        }
    }
    values
}

fn whole_number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Notes the rows whose message id is absent or too long.
pub(super) fn check_message_ids(batch: &SourceBatch, position: usize, faults: &mut Faults) {
    for row in 0..batch.rows {
        match batch.columns[position].text(row).len() {
            0 => faults.mark(row, position, RowReason::Missing),
            1..=LONGEST_MESSAGE_ID => {}
            _ => faults.mark(row, position, RowReason::TooLong),
        }
    }
}

/// Who the rows are about.
#[derive(Debug)]
pub(super) struct Identities {
    /// The key by which each row is ordered.
    pub(super) keys: Vec<u64>,
    /// The user id that each row names, or [`NO_USER`].
    pub(super) users: Vec<UserId>,
}

/// Reads the identity column and the user id beside it; the latter joins two identities into one person. To be asked after all
/// other columns: rows that are refused join nobody.
pub(super) fn identities(
    batch: &SourceBatch,
    position: usize,
    user_position: usize,
    people: &People,
    faults: &mut Faults,
) -> Identities {
    let mut known: Option<MutexGuard<'_, Tables>> = None;
    let (mut keys, mut users) = (Vec::with_capacity(batch.rows), Vec::with_capacity(batch.rows));
    let beside = &batch.columns[user_position];
    for row in 0..batch.rows {
        let text = batch.columns[position].text(row);
        let user_text = beside.text(row);
        if !user_text.is_empty() && !domain::traffic::is_user_id(user_text) {
            faults.mark(row, user_position, RowReason::NotAUserId);
        }
        let parsed = identity::parse(text);
        match parsed {
            None if text.is_empty() => faults.mark(row, position, RowReason::Missing),
            None => faults.mark(row, position, RowReason::NotARecipient),
            Some(_) => {}
        }
        let (mut key, mut user) = (0, NO_USER);
        if !faults.is_bad(row) {
            match parsed {
                Some(Identity::Number(number)) => key = number,
                Some(Identity::User(id)) => {
                    user = known.get_or_insert_with(|| people.lock()).user(id);
                    key = user_key(user);
                }
                None => {}
            }
            if !user_text.is_empty() {
                let tables = known.get_or_insert_with(|| people.lock());
                let linked = tables.user(user_text);
                if user_key(linked) != key {
                    tables.link(linked, key);
                }
                user = linked;
            }
        }
        keys.push(key);
        users.push(user);
    }
    Identities { keys, users }
}
