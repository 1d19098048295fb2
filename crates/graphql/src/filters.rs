//! Comparators of filters, and orders: what every list with a filter input shares.

use std::str::FromStr;

use async_graphql::{Enum, ID, InputObject, Result};
use domain::Instant;

use crate::{error::bad_input, id::parse_all, scalars::DateTime};

/// Most values of one list in a filter.
const MOST_VALUES: usize = 100;

/// An id, or one of several. Give exactly one field.
#[derive(Debug, Default, InputObject)]
pub(crate) struct IdFilter {
    /// This one.
    eq: Option<ID>,
    /// One of these, at most 100.
    #[graphql(name = "in")]
    any_of: Option<Vec<ID>>,
}

impl IdFilter {
    /// The ids that are meant.
    pub(crate) fn read<T: FromStr>(self) -> Result<Vec<T>> {
        match (self.eq, self.any_of) {
            (Some(id), None) => parse_all(&[id]),
            (None, Some(ids)) => parse_all(&bounded(ids)?),
            _ => Err(one_comparator()),
        }
    }
}

/// A span of time. Give one bound or both.
#[derive(Debug, Default, InputObject)]
pub(crate) struct DateTimeFilter {
    /// Not before this instant.
    gte: Option<DateTime>,
    /// Before this instant.
    lt: Option<DateTime>,
}

impl DateTimeFilter {
    /// The bounds that are meant.
    pub(crate) fn read(self) -> Result<(Option<Instant>, Option<Instant>)> {
        match (self.gte, self.lt) {
            (None, None) => Err(bad_input("a span of time needs `gte`, `lt` or both")),
            (from, before) => Ok((from.map(|instant| instant.0), before.map(|instant| instant.0))),
        }
    }
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// Least or earliest first.
    Asc,
    /// Greatest or latest first.
    Desc,
}

/// A list of values, if it is not too long.
pub(crate) fn bounded<T>(values: Vec<T>) -> Result<Vec<T>> {
    if values.len() > MOST_VALUES { Err(bad_input(format!("give at most {MOST_VALUES} values"))) } else { Ok(values) }
}

/// What to do about a comparator with too few or too many fields.
pub(crate) fn one_comparator() -> async_graphql::Error {
    bad_input("a comparator takes exactly one of its fields")
}

/// Declares the comparator of a closed set of words.
macro_rules! word_filters {
    ($($(#[$doc:meta])* $name:ident of $word:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, async_graphql::InputObject)]
        pub(crate) struct $name {
            /// This one.
            eq: Option<$word>,
            /// One of these.
            #[graphql(name = "in")]
            any_of: Option<Vec<$word>>,
            /// None of these.
            not_in: Option<Vec<$word>>,
        }

        impl $name {
            /// The words that are meant.
            fn read<T: From<$word> + PartialEq + Copy>(self, all: &[T]) -> async_graphql::Result<Vec<T>> {
                let words = |list: Vec<$word>| -> async_graphql::Result<Vec<T>> {
                    Ok($crate::filters::bounded(list)?.into_iter().map(T::from).collect())
                };
                match (self.eq, self.any_of, self.not_in) {
                    (Some(word), None, None) => Ok(vec![word.into()]),
                    (None, Some(list), None) => words(list),
                    (None, None, Some(list)) => {
                        let refused = words(list)?;
                        Ok(all.iter().copied().filter(|word| !refused.contains(word)).collect())
                    }
                    _ => Err($crate::filters::one_comparator()),
                }
            }
        }
    )*};
}

pub(crate) use word_filters;
