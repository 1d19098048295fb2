//! The objects of the schema: one file for each, with its loaders beside it.

mod client;
mod phone_number;
mod template;
mod waba;

pub(crate) use client::Client;
pub(crate) use phone_number::PhoneNumber;
pub(crate) use template::Template;
pub(crate) use waba::Waba;
