//! Pages by keyset: the place after which a page begins is the last row's key, so a page costs the same wherever it is, and rows
//! that come and go meanwhile neither repeat nor hide others.

use std::cmp::Ordering;

use domain::Instant;
use sea_orm::{
    ColumnTrait, ColumnType, EntityTrait, ExprTrait as _, IdenStatic as _, ModelTrait, Order, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, Value, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{StoreError, Tx};

/// Rows of a page at most.
pub const MAX_LIMIT: u32 = 100;

/// A row's place in an order: what the order is by, and the id for rows where that is equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// What the order is by.
    pub key: Key,
    /// The row's id.
    pub id: Uuid,
}

/// What an order is by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// An instant.
    Instant(Instant),
    /// A text, by its bytes.
    Text(String),
    /// A number.
    Number(i64),
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Direction {
    /// Least first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

/// Which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyset {
    after: Option<Cursor>,
    limit: u32,
    direction: Direction,
}

impl Keyset {
    /// The first `limit` rows (1 to [`MAX_LIMIT`]; what is beyond is cut), least first.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit: limit.clamp(1, MAX_LIMIT), direction: Direction::Ascending }
    }

    /// The rows that follow `cursor`, in the direction of the order.
    #[must_use]
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.after = cursor.into();
        self
    }

    /// Which way the order goes.
    #[must_use]
    pub const fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// Which way the order goes, in SQL.
    pub(crate) const fn order(&self) -> Order {
        match self.direction {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        }
    }

    /// Rows of the page at most.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// How two places by instants stand to each other in the order of the page.
    pub fn compare(&self, one: &Cursor, other: &Cursor) -> Ordering {
        let instant = |cursor: &Cursor| match cursor.key {
            Key::Instant(at) => Some(at),
            Key::Text(_) | Key::Number(_) => None,
        };
        let order = (instant(one), one.id).cmp(&(instant(other), other.id));
        match self.direction {
            Direction::Ascending => order,
            Direction::Descending => order.reverse(),
        }
    }
}

/// A time, of which a list shows what falls into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its start, included.
    pub from: Instant,
    /// Its end, excluded.
    pub to: Instant,
}

impl Span {
    /// Whether a column falls into it.
    pub(crate) fn holds(self, column: impl ColumnTrait) -> sea_orm::sea_query::SimpleExpr {
        column.gte(self.from).and(column.lt(self.to))
    }
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// The place of each row, as many as there are items.
    pub cursors: Vec<Cursor>,
    /// Whether others follow.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// A page without rows.
    pub(crate) const fn none() -> Self {
        Self { items: Vec::new(), cursors: Vec::new(), has_next: false }
    }

    /// The same page of other things.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(convert).collect(), cursors: self.cursors, has_next: self.has_next }
    }
}

/// What a page is ordered by: a column that is never null, and the id. An index must hold both in this order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By<C> {
    /// What the order is by.
    pub(crate) column: C,
    /// The id.
    pub(crate) id: C,
}

/// Runs a select (scoped already) as a page.
pub(crate) async fn fetch<E, T>(
    tx: &Tx,
    select: Select<E>,
    keyset: &Keyset,
    by: By<E::Column>,
    convert: impl Fn(E::Model) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError>
where
    E: EntityTrait,
    E::Model: Sync,
{
    let rows = cut(select, keyset, by)?.all(tx.connection()).await?;
    of_rows(rows, keyset, by, |row| row, convert)
}

/// The rows of a page of a select (scoped already), in their order, and one more, which tells whether others follow.
pub(crate) fn cut<E: EntityTrait>(
    select: Select<E>,
    keyset: &Keyset,
    by: By<E::Column>,
) -> Result<Select<E>, StoreError> {
    let order = keyset.order();
    let select = select.order_by(by.column, order.clone()).order_by(by.id, order).limit(u64::from(keyset.limit) + 1);
    Ok(match &keyset.after {
        Some(cursor) => select.filter(beyond::<E>(cursor, by, keyset.direction)?),
        None => select,
    })
}

/// The page of the rows that [`cut`] selected; `model` is what the order is by.
pub(crate) fn of_rows<M, R, T>(
    mut rows: Vec<R>,
    keyset: &Keyset,
    by: By<<M::Entity as EntityTrait>::Column>,
    model: impl Fn(&R) -> &M,
    convert: impl Fn(R) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError>
where
    M: ModelTrait,
{
    let limit = keyset.limit as usize;
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let cursors = rows.iter().map(|row| cursor(model(row), by)).collect::<Result<_, _>>()?;
    let items = rows.into_iter().map(convert).collect::<Result<_, _>>()?;
    Ok(Page { items, cursors, has_next })
}

fn beyond<E: EntityTrait>(
    cursor: &Cursor,
    by: By<E::Column>,
    direction: Direction,
) -> Result<sea_orm::sea_query::SimpleExpr, StoreError> {
    let definition = by.column.def();
    let key: Value = match (&cursor.key, definition.get_column_type()) {
        (Key::Text(text), ColumnType::String(_) | ColumnType::Text) => text.clone().into(),
        (Key::Number(number), ColumnType::BigInteger | ColumnType::Integer) => (*number).into(),
        (Key::Instant(instant), ColumnType::TimestampWithTimeZone | ColumnType::DateTime | ColumnType::Timestamp) => {
            (*instant).into()
        }
        _ => return Err(StoreError::Cursor),
    };
    let place = Expr::tuple([Expr::col(by.column.as_column_ref()), Expr::col(by.id.as_column_ref())]);
    let bound = Expr::tuple([Expr::val(key), Expr::val(cursor.id)]);
    Ok(match direction {
        Direction::Ascending => place.gt(bound),
        Direction::Descending => place.lt(bound),
    })
}

fn cursor<M: ModelTrait>(row: &M, by: By<<M::Entity as EntityTrait>::Column>) -> Result<Cursor, StoreError> {
    let table = || M::Entity::default().table_name_static();
    let Value::Uuid(Some(id)) = row.get(by.id) else {
        return Err(StoreError::inconsistent(table(), by.id.as_str(), "of a page"));
    };
    let key = match row.get(by.column) {
        Value::String(Some(text)) => Key::Text(text),
        Value::BigInt(Some(number)) => Key::Number(number),
        Value::Int(Some(number)) => Key::Number(i64::from(number)),
        Value::ChronoDateTimeUtc(Some(instant)) => Key::Instant(instant),
        _ => return Err(StoreError::inconsistent_uuid(table(), by.column.as_str(), id)),
    };
    Ok(Cursor { key, id })
}

/// The name of a table, as errors want it.
trait StaticTableName {
    fn table_name_static(&self) -> &'static str;
}

impl<E: sea_orm::EntityName> StaticTableName for E {
    fn table_name_static(&self) -> &'static str {
        sea_orm::EntityName::table_name(self)
    }
}
