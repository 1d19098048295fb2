//! `/v1/imports`: files by HTTP.

pub(crate) mod upload;
