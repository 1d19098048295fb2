//! Who may do what: actors, roles, permissions, and what an actor may know of.

mod actor;
mod matrix;
mod permission;
mod role;

pub use actor::{Actor, Visibility};
pub use matrix::matrix;
pub use permission::{Permission, PermissionSet};
pub use role::Role;
