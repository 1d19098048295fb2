//! The policy as a table: who may do what.

use std::fmt::Write as _;

use super::{Permission, Role};

/// Roles and their permissions as a table in Markdown, as `docs/permissions.md` holds it.
pub fn matrix() -> String {
    let mut text = String::from(
        "# Who may do what\n\nWritten by `sblocco permissions`; a test holds it to the program. Staff may be limited to assigned clients, and a\n\
         client's people know of their own client alone. Whoever views as a client (`clients:view_as`) acts as\nitself, sees what that \
         client's administrators see, and changes nothing.\n\n| permission |",
    );
    for role in Role::ALL {
        let _ = write!(text, " {role} |");
    }
    text += " viewing as a client |\n|---|";
    text += &"---|".repeat(Role::ALL.len() + 1);
    text.push('\n');
    for permission in Permission::ALL.iter().copied() {
        let _ = write!(text, "| `{permission}` |");
        let sets = Role::ALL.iter().map(|role| role.permissions()).chain([Role::VIEWING]);
        for set in sets {
            text += if set.contains(permission) { " yes |" } else { " |" };
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_table_is_the_policy() {
        let published = include_str!("../../../../docs/permissions.md");
        assert_eq!(
            published,
            super::matrix(),
            "run `sblocco permissions > docs/permissions.md`, and look at the change"
        );
    }
}
