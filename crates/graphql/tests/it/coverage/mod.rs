//! Nobody gets in where they do not belong: every field of the roots and every type that has an id, from the schema itself, is tried
//! by nobody, by each role on both sides, by another client's people, and by a program with each permission alone. On PostgreSQL the
//! same with the scoped predicates taken away, so that row-level security is shown to hold by itself.

mod fixtures;
mod table;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use domain::{
    ApiTokenId, UserId,
    access::{Actor, Permission, PermissionSet, Role},
};
use futures::StreamExt as _;
use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use self::table::{Needs, ROWS};
use crate::{
    sdl::Sdl,
    world::{Who, World, code},
};

/// Something that can be asked.
struct Asked {
    /// Its row.
    name: String,
    needs: Needs,
    document: String,
    variables: Value,
    /// Whether it changes something.
    changes: bool,
    /// Whether it is a type, asked for by its id.
    is_node: bool,
}

/// Who asks, what it may, and whether it may know of Alfa.
struct Asking {
    name: String,
    actor: Actor,
    knows_alfa: bool,
}

fn needs(name: &str) -> Option<Needs> {
    ROWS.iter().find(|(row, _)| *row == name).map(|(_, needs)| *needs)
}

/// Values with Alfa's ids in the place of those that name nothing.
fn with_ids(mut value: Value, ids: &HashMap<&str, String>) -> Value {
    match &mut value {
        Value::String(text) => {
            let prefix = text.strip_suffix("_01J00000000000000000000000").map(str::to_owned);
            if let Some(id) = prefix.and_then(|prefix| ids.get(prefix.as_str())) {
                text.clone_from(id);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = with_ids(item.take(), ids)),
        Value::Object(fields) => fields.values_mut().for_each(|field| *field = with_ids(field.take(), ids)),
        _ => {}
    }
    value
}

fn everything(ids: &HashMap<&str, String>) -> Vec<Asked> {
    let sdl = Sdl::load();
    let mut all = Vec::new();
    for root in ["Query", "Mutation"] {
        for field in sdl.root(root) {
            let name = format!("{root}.{}", field.name);
            let Some(needs) = needs(&name) else { continue };
            let variables = with_ids(field.variables, ids);
            all.push(Asked {
                name,
                needs,
                document: field.document,
                variables,
                changes: root == "Mutation",
                is_node: false,
            });
        }
    }
    for (name, prefix) in sdl.nodes() {
        let Some(needs) = needs(&name) else { continue };
        let variables = json!({ "id": ids.get(prefix).unwrap_or_else(|| panic!("{name} has no fixture")) });
        let document = "query ($id: ID!) { node(id: $id) { __typename id } }".to_owned();
        all.push(Asked { name, needs, document, variables, changes: false, is_node: true });
    }
    all
}

fn everybody(world: &World) -> Vec<Asking> {
    let id = |number: u128| UserId::from_uuid(uuid::Uuid::from_u128(number));
    let mut all = Vec::new();
    for (number, role) in Role::ALL.iter().copied().enumerate() {
        let user = id(number as u128 + 1);
        if role.is_staff() {
            all.push(Asking {
                name: format!("{role}"),
                actor: Actor::Staff { user, role, clients: None },
                knows_alfa: true,
            });
            // Administrators are not limited.
            let limited = [("alfa", world.alfa, true), ("beta", world.beta, false)];
            for (of, client, knows_alfa) in limited.into_iter().filter(|_| role != Role::BspAdmin) {
                let actor = Actor::Staff { user, role, clients: Some(vec![client]) };
                all.push(Asking { name: format!("{role} who works for {of}"), actor, knows_alfa });
            }
        } else {
            for (of, client, knows_alfa) in [("alfa", world.alfa, true), ("beta", world.beta, false)] {
                all.push(Asking {
                    name: format!("{role} of {of}"),
                    actor: Actor::ClientUser { user, role, client },
                    knows_alfa,
                });
            }
        }
    }
    for (of, client, knows_alfa) in [("alfa", world.alfa, true), ("beta", world.beta, false)] {
        let actor = Actor::Viewing { user: id(100), client };
        all.push(Asking { name: format!("staff who views as {of}"), actor, knows_alfa });
    }
    for permission in Permission::ALL.iter().copied() {
        let permissions = PermissionSet::of(&[permission]);
        let token = ApiTokenId::from_uuid(uuid::Uuid::from_u128(permission as u128 + 1));
        for (of, client, knows_alfa) in
            [("the BSP", None, true), ("alfa", Some(world.alfa), true), ("beta", Some(world.beta), false)]
        {
            let actor = Actor::Token { token, client, permissions };
            all.push(Asking { name: format!("a program of {of} with {permission}"), actor, knows_alfa });
        }
    }
    all
}

/// What is wrong with an answer, if anything.
fn fault(asked: &Asked, asking: &Asking, answer: &Value, ids: &HashMap<&str, String>) -> Option<&'static str> {
    let code = code(answer);
    let text = answer["data"].to_string();
    let may = match asked.needs {
        Needs::Nothing | Needs::Anybody => true,
        Needs::May(permission) => asking.actor.may(permission),
    };
    if matches!(code, Some("INTERNAL_SERVER_ERROR" | "UNAVAILABLE")) {
        return Some("it failed");
    }
    if !asking.knows_alfa && ids.values().any(|id| text.contains(id.as_str())) {
        return Some("it shows what is another client's");
    }
    if !may {
        let hidden = !asking.knows_alfa && code == Some("NOT_FOUND");
        let refused = code == Some("FORBIDDEN") || hidden || asked.is_node && answer["data"]["node"].is_null();
        return (!refused).then_some("it is not refused");
    }
    if code == Some("FORBIDDEN") {
        // What holds for all clients is not set by those who know of one.
        return asking.knows_alfa.then_some("it is refused to one who may");
    }
    let found = answer["data"]["node"]["__typename"] == json!(asked.name);
    (asked.is_node && found != asking.knows_alfa).then_some("it is shown to the wrong ones")
}

async fn try_everything(world: &World) -> Vec<String> {
    let ids = fixtures::all(world).await;
    let (asked, mut wrong) = (everything(&ids), Vec::new());
    // First those who may not know of Alfa: nothing of it may change by what they ask.
    let (known, foreign): (Vec<_>, Vec<_>) = everybody(world).into_iter().partition(|asking| asking.knows_alfa);
    let before = world.app.digest_of(world.alfa.uuid()).await;
    for asking in foreign.iter().chain(&known) {
        for asked in &asked {
            let answer = world.execute_as(asking.actor.clone(), &asked.document, asked.variables.clone()).await;
            if let Some(fault) = fault(asked, asking, &answer, &ids) {
                wrong.push(format!("{} as {}: {fault}: {answer}", asked.name, asking.name));
            }
        }
        if !asking.knows_alfa && world.app.digest_of(world.alfa.uuid()).await != before {
            wrong.push(format!("{} changed what is Alfa's", asking.name));
        }
    }
    for asking in foreign.iter().chain(&known) {
        wrong.extend(follow_everything(world, asking).await);
    }
    for asked in &asked {
        let answer = world.execute(Who::Anonymous, &asked.document, asked.variables.clone()).await;
        let refused =
            matches!(code(&answer), Some("UNAUTHENTICATED")) || !asked.changes && shows_nothing(&answer["data"]);
        if !refused && asked.needs != Needs::Nothing {
            wrong.push(format!("{} as nobody: {answer}", asked.name));
        }
    }
    wrong
}

/// Who may not follow is told so; who may waits for what comes.
async fn follow_everything(world: &World, asking: &Asking) -> Vec<String> {
    let mut wrong = Vec::new();
    for field in Sdl::load().root("Subscription") {
        let name = format!("Subscription.{}", field.name);
        let Some(Needs::May(permission)) = needs(&name) else {
            wrong.push(format!("{name}: following needs a permission"));
            continue;
        };
        let may = asking.actor.may(permission);
        // What is refused comes at once, and is waited for; what is not has nothing to say.
        let patience = Duration::from_millis(if may { 20 } else { 10_000 });
        let mut answers = world.follow_as(asking.actor.clone(), &field.document, field.variables);
        let first = tokio::time::timeout(patience, answers.next()).await;
        let answer = first.ok().flatten().map(|answer| serde_json::to_value(answer).unwrap()).unwrap_or_default();
        // Of another client's thing it is told that there is none, whatever one may do.
        let wrongly = match code(&answer) {
            Some("FORBIDDEN") => may,
            Some("NOT_FOUND") => false,
            _ => !may,
        };
        if wrongly {
            wrong.push(format!("{name} as {}: {answer}", asking.name));
        }
    }
    wrong
}

fn shows_nothing(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Array(items) => items.iter().all(shows_nothing),
        Value::Object(fields) => fields.values().all(shows_nothing),
        _ => false,
    }
}

#[test]
fn everything_has_its_row_and_every_row_its_thing() {
    let sdl = Sdl::load();
    let roots = ["Query", "Mutation", "Subscription"];
    let fields =
        roots.iter().flat_map(|root| sdl.root(root).into_iter().map(move |field| format!("{root}.{}", field.name)));
    let there: BTreeSet<String> = fields.chain(sdl.nodes().into_iter().map(|(name, _)| name)).collect();
    let rows: BTreeSet<String> = ROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(rows.len(), ROWS.len(), "a row stands twice");
    let missing: Vec<_> = there.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&there).collect();
    assert!(missing.is_empty() && gone.is_empty(), "add rows to coverage/table.rs: {missing:?}; take away: {gone:?}");
}

#[test]
fn a_description_says_what_the_row_says() {
    let sdl = Sdl::load();
    let mut wrong = Vec::new();
    for root in ["Query", "Mutation", "Subscription"] {
        for field in sdl.root(root) {
            let said = field.description.rsplit_once("Requires `").and_then(|(_, rest)| rest.split('`').next());
            match needs(&format!("{root}.{}", field.name)) {
                Some(Needs::May(permission)) if said == Some(permission.as_str()) => {}
                Some(Needs::Nothing | Needs::Anybody) if said.is_none() => {}
                row => wrong.push(format!("{root}.{}: its row is {row:?}, its description says {said:?}", field.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

both_stores! {
    async fn everybody_is_let_in_where_they_belong_and_nowhere_else(store: TestStore) {
        let wrong = try_everything(&World::new(store).await).await;
        assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[tokio::test]
async fn row_level_security_holds_by_itself() {
    let store = TestStore::postgres().await;
    store.take_predicates_away();
    let wrong = try_everything(&World::new(store).await).await;
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}
