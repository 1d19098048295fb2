//! Values of rows as values of the domain, and back.

use std::str::FromStr;

use sea_orm::UpdateResult;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::StoreError;

/// Where a value stands, for errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The table.
    pub(crate) table: &'static str,
    /// The row's id.
    pub(crate) id: Uuid,
}

impl Place {
    /// A word of a closed set.
    pub(crate) fn word<T: FromStr>(self, column: &'static str, text: &str) -> Result<T, StoreError> {
        text.parse().map_err(|_| self.unreadable(column))
    }

    /// A word of a closed set, where there is one.
    pub(crate) fn word_if<T: FromStr>(self, column: &'static str, text: Option<&str>) -> Result<Option<T>, StoreError> {
        text.map(|text| self.word(column, text)).transpose()
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        self,
        column: &'static str,
        json: serde_json::Value,
    ) -> Result<T, StoreError> {
        serde_json::from_value(json).map_err(|_| self.unreadable(column))
    }

    /// A number that is never negative, or of another width than columns have.
    pub(crate) fn number<T: TryFrom<i64>>(self, column: &'static str, value: i64) -> Result<T, StoreError> {
        T::try_from(value).map_err(|_| self.unreadable(column))
    }

    fn unreadable(self, column: &'static str) -> StoreError {
        StoreError::inconsistent_uuid(self.table, column, self.id)
    }
}

/// Exactly one row must have changed.
pub(crate) const fn one(table: &'static str, result: &UpdateResult) -> Result<(), StoreError> {
    match result.rows_affected {
        1 => Ok(()),
        actual => Err(StoreError::RowsAffected { table, expected: 1, actual }),
    }
}
