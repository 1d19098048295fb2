//! Pages: Relay connections over keysets.
//!
//! A cursor is opaque and bound to the list (with its filter and order) that it was made for. It is not signed: it holds a place in an
//! order and opens nothing, for every page is read under the actor's own visibility.

use app::page::{Cursor, Direction, Key, Keyset, Page};
use async_graphql::{
    ContainerType, ObjectType, Result,
    connection::{
        Connection as RelayConnection, DefaultConnectionName, DefaultEdgeName, Edge, EmptyFields, EnableNodesField,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{
    at_once::AtOnce,
    error::{NO_CURSOR, bad_input},
};

/// Rows of a page when the caller does not say.
const DEFAULT: i32 = 25;
/// Rows of a page at most.
const MOST: i32 = 100;
/// Longest cursor: a text key of 200 characters, and the rest.
const LONGEST_CURSOR: usize = 2_048;

/// A page, with `nodes` as a shortcut past the edges.
pub(crate) type Connection<T> = ConnectionWith<T, EmptyFields>;

/// A page that has more to tell.
pub(crate) type ConnectionWith<T, F> =
    RelayConnection<String, AtOnce<T>, F, EmptyFields, DefaultConnectionName, DefaultEdgeName, EnableNodesField>;

/// Which page of which list.
#[derive(Debug)]
pub(crate) struct PageArguments {
    list: [u8; LIST],
    keyset: Keyset,
}

/// Bytes of the list's hash within a cursor.
const LIST: usize = 8;

#[derive(serde::Serialize, serde::Deserialize)]
struct Wire {
    l: [u8; LIST],
    c: Cursor,
}

impl PageArguments {
    /// Checks the arguments of the list that `list` names with its filter; least first.
    pub(crate) fn parse(list: &str, first: Option<i32>, after: Option<String>) -> Result<Self> {
        let first = first.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&first) {
            return Err(bad_input(format!("`first` must be 1 to {MOST}")));
        }
        let digest = Sha256::digest(list.as_bytes());
        let mut list = [0; LIST];
        list.copy_from_slice(&digest[..LIST]);
        let after = after.map(|text| decode(&text, list)).transpose()?;
        Ok(Self { list, keyset: Keyset::first(first.unsigned_abs()).after(after) })
    }

    /// The same, greatest first.
    #[must_use]
    pub(crate) fn descending(mut self) -> Self {
        self.keyset = self.keyset.direction(Direction::Descending);
        self
    }

    /// What the use case is asked.
    pub(crate) fn keyset(&self) -> &Keyset {
        &self.keyset
    }

    fn encode(&self, cursor: Cursor) -> String {
        let wire = serde_json::to_vec(&Wire { l: self.list, c: cursor }).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(wire)
    }
}

fn decode(text: &str, list: [u8; LIST]) -> Result<Cursor> {
    let unusable = || bad_input(NO_CURSOR);
    if text.len() > LONGEST_CURSOR {
        return Err(unusable());
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unusable())?;
    let wire: Wire = serde_json::from_slice(&bytes).map_err(|_| unusable())?;
    // PostgreSQL has no NUL in texts, and so no place with one.
    let is_place = !matches!(&wire.c.key, Key::Text(text) if text.contains('\0'));
    if wire.l == list && is_place { Ok(wire.c) } else { Err(unusable()) }
}

/// A page as a connection.
pub(crate) fn connection<T, N: ContainerType>(
    arguments: &PageArguments,
    page: Page<T>,
    node: impl Fn(T) -> N,
) -> Connection<N> {
    connection_with(arguments, page, EmptyFields, node)
}

/// A page as a connection that has more to tell.
pub(crate) fn connection_with<T, N: ContainerType, F: ObjectType>(
    arguments: &PageArguments,
    page: Page<T>,
    fields: F,
    node: impl Fn(T) -> N,
) -> ConnectionWith<N, F> {
    let mut connection = RelayConnection::with_additional_fields(false, page.has_next, fields);
    let edges = page.cursors.into_iter().zip(page.items);
    connection.edges.extend(edges.map(|(cursor, item)| Edge::new(arguments.encode(cursor), AtOnce(node(item)))));
    connection
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor() -> Cursor {
        Cursor { key: app::page::Key::Number(7), id: uuid::Uuid::nil() }
    }

    #[test]
    fn a_cursor_serves_its_own_list_alone() {
        let arguments = PageArguments::parse("tickets:open", None, None).unwrap();
        let text = arguments.encode(cursor());
        assert!(PageArguments::parse("tickets:open", None, Some(text.clone())).is_ok());
        assert!(PageArguments::parse("tickets:closed", None, Some(text)).is_err());
    }

    #[test]
    fn rubbish_is_refused_and_pages_have_bounds() {
        for bad in ["", "x", "AAAA", "eyJsIjpbXX0", &"A".repeat(5_000)] {
            assert!(PageArguments::parse("tickets", None, Some(bad.to_owned())).is_err(), "{bad}");
        }
        for bad in [0, -1, 101, i32::MIN] {
            assert!(PageArguments::parse("tickets", Some(bad), None).is_err(), "{bad}");
        }
        assert_eq!(PageArguments::parse("tickets", Some(100), None).unwrap().keyset().limit(), 100);
    }
}
