//! Imports, from a file to what is visible of it: the use case over the real lake, on both stores.

mod assets;
mod consents;
mod failing;
mod templates;
mod traffic;
pub(crate) mod world;
