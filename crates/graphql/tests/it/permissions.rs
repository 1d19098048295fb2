//! Who may do what: all fields of the roots, from the schema itself.

use domain::access::Permission;
use serde_json::Value;
use store::{both_stores, testing::TestStore};

use crate::{
    sdl::{RootField, Sdl},
    world::{Who, World, code},
};

/// What nobody may use, to become somebody.
pub(crate) const OPEN: &[&str] = &[
    "emailChangeConfirm",
    "invitationAccept",
    "passwordReset",
    "passwordResetRequest",
    "secondFactorBegin",
    "secondFactorConfirm",
    "signIn",
    "signInRefresh",
    "signOut",
];

/// What people do with their own account: they need no permission for it, and nobody else can.
const OWN: &[&str] = &[
    "emailChangeRequest",
    "notificationPreferenceSet",
    "passwordChange",
    "recoveryCodesReplace",
    "secondFactorDisable",
    "signInRevoke",
    "viewerQuietHoursSet",
    "viewerUpdate",
];

/// Whether data show nothing at all: null, or empty lists.
fn is_nothing(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(fields) => fields.values().all(is_nothing),
        _ => false,
    }
}

/// The permission that a description names at its end: "Requires `tickets:write`."
fn required(field: &RootField) -> Option<Permission> {
    let sentence = field.description.rsplit_once("Requires `")?.1;
    sentence.split('`').next()?.parse().ok()
}

both_stores! {
    async fn nobody_reads_nothing_and_changes_nothing(store: TestStore) {
        let world = World::new(store).await;
        let sdl = Sdl::load();
        let mut wrong = Vec::new();
        for field in sdl.root("Query") {
            let answer = world.execute(Who::Anonymous, &field.document, field.variables.clone()).await;
            let refused = code(&answer).is_none_or(|code| matches!(code, "UNAUTHENTICATED" | "NOT_FOUND"));
            if !refused || !is_nothing(&answer["data"]) {
                wrong.push(format!("{}: {answer}", field.name));
            }
        }
        for field in sdl.root("Mutation").iter().filter(|field| !OPEN.contains(&field.name.as_str())) {
            let answer = world.execute(Who::Anonymous, &field.document, field.variables.clone()).await;
            if code(&answer) != Some("UNAUTHENTICATED") {
                wrong.push(format!("{} with {}: {answer}", field.name, field.variables));
            }
        }
        assert!(wrong.is_empty(), "nobody must be refused as UNAUTHENTICATED, before the input is looked at:\n{}", wrong.join("\n"));
    }

    async fn a_mutation_requires_what_its_description_says(store: TestStore) {
        let world = World::new(store).await;
        let mut wrong = Vec::new();
        for field in Sdl::load().root("Mutation") {
            if OPEN.contains(&field.name.as_str()) || OWN.contains(&field.name.as_str()) {
                continue;
            }
            let Some(permission) = required(&field) else {
                wrong.push(format!("{}: its description does not end with: Requires `…`.", field.name));
                continue;
            };
            for who in [Who::Auditor, Who::ClientViewer] {
                assert!(!world.actor(who).may(permission), "{who:?} may {permission}");
                let answer = world.execute(who, &field.document, field.variables.clone()).await;
                let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
                // What a client may not know of is not found, whatever it may do.
                let not_found = who == Who::ClientViewer && code(&answer) == Some("NOT_FOUND");
                let forbidden = code(&answer) == Some("FORBIDDEN") && message.contains(permission.as_str());
                if !forbidden && !not_found {
                    wrong.push(format!("{} as {who:?} with {}: {answer}", field.name, field.variables));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_query_that_requires_something_is_refused_without_it(store: TestStore) {
        let world = World::new(store).await;
        let mut wrong = Vec::new();
        for field in Sdl::load().root("Query") {
            let Some(permission) = required(&field) else { continue };
            for who in [Who::Program, Who::ClientViewer, Who::SupportAgent] {
                if world.actor(who).may(permission) {
                    continue;
                }
                let answer = world.execute(who, &field.document, field.variables.clone()).await;
                // What a client may not know of is not found, whatever it may do.
                let hidden = world.actor(who).client().is_some() && code(&answer) == Some("NOT_FOUND");
                if code(&answer) != Some("FORBIDDEN") && !hidden {
                    wrong.push(format!("{} as {who:?}: {answer}", field.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
