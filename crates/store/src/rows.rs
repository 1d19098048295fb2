//! Values of rows as values of the domain, and back.

use std::str::FromStr;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult as _, Iterable as _, UpdateResult,
    sea_query::{Alias, Expr, Func, Query, SimpleExpr},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{StoreError, Tx};

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

/// Ids that SQLite is handed one by one; more of them are one argument.
const FEW: usize = 50;

/// Whether a column is one of `ids`. They are one argument, which costs a fraction of one for each; on PostgreSQL it also keeps the
/// statement the same however many there are, so that each connection parses and plans it once.
pub(crate) fn one_of(tx: &Tx, column: impl ColumnTrait, ids: impl IntoIterator<Item = Uuid>) -> SimpleExpr {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let is_sqlite = tx.connection().get_database_backend() == DbBackend::Sqlite;
    if is_sqlite && ids.len() <= FEW {
        return column.is_in(ids);
    }
    let ids: Vec<String> = ids.into_iter().map(|id| id.as_simple().to_string()).collect();
    let column = Expr::col(column.as_column_ref());
    if is_sqlite {
        return Expr::cust_with_exprs(
            "$1 IN (SELECT unhex(value) FROM json_each($2))",
            [column, Expr::val(serde_json::json!(ids).to_string())],
        );
    }
    Expr::cust_with_exprs("$1 = ANY (string_to_array($2, ',')::uuid[])", [column, Expr::val(ids.join(","))])
}

/// The one row of an entity that a function of PostgreSQL returns, if it returns one.
pub(crate) async fn of_function<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    entity: E,
    function: &'static str,
    arguments: impl IntoIterator<Item = SimpleExpr>,
) -> Result<Option<E::Model>, StoreError> {
    let call = Func::cust(Alias::new(function)).args(arguments);
    // By name: columns may be added while the program runs.
    let columns = E::Column::iter().map(|column| (entity, column));
    let select = Query::select().columns(columns).from_function(call, entity).to_owned();
    let row = connection.query_one(&select).await?;
    Ok(row.map(|row| E::Model::from_query_result(&row, "")).transpose()?)
}

/// Exactly one row must have changed.
pub(crate) const fn one(table: &'static str, result: &UpdateResult) -> Result<(), StoreError> {
    match result.rows_affected {
        1 => Ok(()),
        actual => Err(StoreError::RowsAffected { table, expected: 1, actual }),
    }
}
