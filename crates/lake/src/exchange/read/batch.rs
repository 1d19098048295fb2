//! Some rows of a file, column by column, as they stand there: nothing has been judged yet.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int32Array, PrimitiveArray, StringArray, StringViewArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::Int32Type;

use super::super::row_error::RowError;

/// Where a cell begins in the text of its batch, and where it ends: a batch is much smaller than its bytes can be counted.
type Cell = (u32, u32);

/// Rows of a text file on their way into the columns of a batch. Their text is copied once, as it stands.
#[derive(Debug)]
pub(super) struct TextRows {
    text: String,
    /// By column; none of those that the file does not have.
    cells: Vec<Option<Vec<Cell>>>,
}

impl TextRows {
    /// No rows yet, of about so many bytes; `has` tells which of the columns the file has.
    pub(super) fn new(bytes: usize, columns: usize, has: impl Fn(usize) -> bool) -> Self {
        let cells = (0..columns).map(|column| has(column).then(Vec::new)).collect();
        Self { text: String::with_capacity(bytes), cells }
    }

    /// Bytes so far.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Appends text in which cells stand; where it begins.
    pub(super) fn append(&mut self, text: &str) -> usize {
        let start = self.text.len();
        self.text.push_str(text);
        start
    }

    /// Appends a cell to a column; empty, it is an absent one.
    pub(super) fn push(&mut self, column: usize, cell: Range<usize>) {
        if let Some(cells) = &mut self.cells[column] {
            cells.push((cell.start as u32, cell.end as u32));
        }
    }

    /// The columns.
    pub(super) fn finish(self) -> Vec<Column> {
        let text = Arc::new(self.text);
        let column = |cells: Option<Vec<Cell>>| match cells {
            Some(cells) => Column::Text(TextColumn { text: Arc::clone(&text), cells }),
            None => Column::Missing,
        };
        self.cells.into_iter().map(column).collect()
    }
}

/// Cells of a text file; an empty cell is an absent one.
#[derive(Debug)]
pub(crate) struct TextColumn {
    text: Arc<String>,
    cells: Vec<Cell>,
}

impl TextColumn {
    #[inline]
    fn get(&self, row: usize) -> &str {
        let (start, end) = self.cells[row];
        &self.text[start as usize..end as usize]
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
    /// Text from Parquet where it stands.
    Views(StringViewArray),
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
    #[inline]
    pub(crate) fn text(&self, row: usize) -> &str {
        let text = self.raw_text(row);
        // Nearly nothing has space around it, and what follows is no small function.
        match text.as_bytes() {
            [first, .., last] if *first > b' ' && *last > b' ' => text,
            _ => text.trim_ascii(),
        }
    }

    /// The text in a row as it stands.
    #[inline]
    pub(crate) fn raw_text(&self, row: usize) -> &str {
        match self {
            Self::Text(column) => column.get(row),
            Self::Strings(array) if array.is_valid(row) => array.value(row),
            Self::Views(array) if array.is_valid(row) => array.value(row),
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
