//! The objects of the schema: one file for each, with its loaders beside it.

mod client;

pub(crate) use client::Client;
