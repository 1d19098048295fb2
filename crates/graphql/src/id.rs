//! Ids in inputs: a text of another type is as unknown as an id that does not exist.

use std::str::FromStr;

use async_graphql::{ID, Result};

use crate::error::{ErrorCode, coded};

/// The typed id.
pub(crate) fn parse<T: FromStr>(id: &ID) -> Result<T> {
    id.parse().map_err(|_| coded(ErrorCode::NotFound, "not found"))
}

/// The typed id, if there is one.
pub(crate) fn optional<T: FromStr>(id: Option<&ID>) -> Result<Option<T>> {
    id.map(parse).transpose()
}

/// The typed ids.
pub(crate) fn parse_all<T: FromStr>(ids: &[ID]) -> Result<Vec<T>> {
    ids.iter().map(parse).collect()
}
