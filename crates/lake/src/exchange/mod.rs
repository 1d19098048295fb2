//! The exchange formats, version 1: which columns the three kinds of files have, and how rows are read and written.
//!
//! Reading is a stream in bounded memory. A bad row is reported and skipped; a bad file is a [`ReadError`]. Nothing here
//! judges the traffic, and no error holds a value of the file.

pub(crate) mod columns;
mod error;
mod format;
pub(crate) mod identity;
pub(crate) mod instant;
pub(crate) mod read;
mod row_error;
mod rows;
pub(crate) mod words;

pub use error::ReadError;
pub use format::{InputFile, Kind};
pub use row_error::{ROW_ERRORS_KEPT, RowError, RowErrors, RowReason};
pub use rows::{Cell, ConsentRow, ExchangeRow, InboundRow, MessageRow};
