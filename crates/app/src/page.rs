//! Pages of lists, as the store cuts them.

pub use store::page::{Cursor, Direction, Key, Keyset, Page, Span};
