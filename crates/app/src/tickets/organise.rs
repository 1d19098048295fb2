//! How staff organises its work on tickets: teams, watchers, tags, macros; and the lists that everybody keeps for himself.

mod macros;
mod on_ticket;
mod teams;
mod views;

pub use macros::{NewMacro, delete_macro, macro_text, macros, save_macro};
pub use on_ticket::{give_to_team, tag, tags_of, unwatch, watch, watchers_of};
pub use teams::{NewTeam, change_team, create_team, teams};
pub use views::{NewView, delete_view, save_view, views};
