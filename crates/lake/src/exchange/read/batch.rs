//! Some rows of a file, column by column, as they stand there: nothing has been judged yet.

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int32Array, PrimitiveArray, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::Int32Type;

use super::super::row_error::RowError;

/// Cells of a text file, end to end; an empty cell is an absent one.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    data: String,
    ends: Vec<usize>,
}

impl TextColumn {
    pub(crate) fn push(&mut self, text: &str) {
        self.data.push_str(text);
        self.ends.push(self.data.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.data[start..self.ends[row]]
    }
}

/// One column of a batch.
#[derive(Debug)]
pub(crate) enum Column {
    /// The file does not have it.
    Missing,
    /// From a text file: text, instants and numbers alike.
    Text(TextColumn),
    /// Text from Parquet.
    Strings(StringArray),
    /// Text from Parquet with its dictionary.
    Words { codes: Int32Array, words: StringArray },
    /// Instants from Parquet, in units of which `scale` make a microsecond (or that many microseconds, see [`Scale`]).
    Instants { values: TimestampMicrosecondArray, scale: Scale },
    /// Whole numbers from Parquet: for instants, Unix seconds.
    Integers(PrimitiveArray<arrow::datatypes::Int64Type>),
}

/// How a stored number becomes microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl Scale {
    /// Microseconds; finer digits are cut off toward the past.
    pub(crate) fn micros(self, value: i64) -> Option<i64> {
        match self {
            Self::Seconds => value.checked_mul(1_000_000),
            Self::Millis => value.checked_mul(1_000),
            Self::Micros => Some(value),
            Self::Nanos => Some(value.div_euclid(1_000)),
        }
    }
}

impl Column {
    /// A dictionary array, taken apart.
    pub(crate) fn words(array: &DictionaryArray<Int32Type>) -> Self {
        Self::Words { codes: array.keys().clone(), words: array.values().as_string::<i32>().clone() }
    }

    /// A string array.
    pub(crate) fn strings(array: &ArrayRef) -> Self {
        Self::Strings(array.as_string::<i32>().clone())
    }

    /// The text in a row, without ASCII space around it; empty when absent, or when the column holds no text.
    pub(crate) fn text(&self, row: usize) -> &str {
        self.raw_text(row).trim_ascii()
    }

    /// The text in a row as it stands.
    pub(crate) fn raw_text(&self, row: usize) -> &str {
        match self {
            Self::Text(column) => column.get(row),
            Self::Strings(array) if array.is_valid(row) => array.value(row),
            Self::Words { codes, words } if codes.is_valid(row) => {
                let code = codes.value(row) as usize;
                if words.is_valid(code) { words.value(code) } else { "" }
            }
            _ => "",
        }
    }
}

/// Where the rows of a batch stand in their file.
#[derive(Debug)]
pub(crate) enum Places {
    /// The line of each row.
    Lines(Vec<u64>),
    /// Consecutive rows, the first of which has this number, from 1.
    From(u64),
}

impl Places {
    pub(crate) fn line(&self, row: usize) -> u64 {
        match self {
            Self::Lines(lines) => lines[row],
            Self::From(first) => first + row as u64,
        }
    }
}

/// Some rows of a file.
#[derive(Debug)]
pub(crate) struct SourceBatch {
    /// How many rows there are.
    pub(crate) rows: usize,
    /// Where they stand.
    pub(crate) places: Places,
    /// The columns of the kind, in the order of [`super::super::columns::columns`].
    pub(crate) columns: Vec<Column>,
    /// Rows among these that could not be taken apart; they are not in the columns.
    pub(crate) broken: Vec<RowError>,
}
