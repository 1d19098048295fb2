//! What clients declare of themselves: facts upserted by kind and name, suppressed people by import; all of a file or nothing.

use app::{
    OpError,
    assets::{declared_page, suppressed_count},
    imports::{ImportCode, NewImport, fail_abandoned},
};
use domain::{
    ImportId,
    access::{Permission, Visibility},
    assets::DeclaredAsset,
    imports::{Import, ImportKind, ImportState},
};
use serde_json::json;
use store::{page::Keyset, testing::TestStore};

use super::world::{World, refusal, run};

const FACTS: &str = r#"{"kind": "client", "brand_names": ["Aurora"], "permits": ["alcohol"]}
{"kind": "wording", "version": "v1", "language": "it", "text": "Accetto di ricevere messaggi da Aurora"}
{"kind": "campaign", "id": "autumn", "template": "sale", "start": "2026-09-01T08:00:00Z", "size": 500}
{"kind": "flow", "name": "sign_up", "steps": 3}
"#;

async fn declared(world: &World, kind: Option<&str>) -> Vec<DeclaredAsset> {
    let op = world.app.program(Some(world.client), &[Permission::AssetsRead]);
    declared_page(&op, Some(world.client), kind, &Keyset::first(100)).await.unwrap().items
}

async fn suppressed(world: &World) -> Option<u64> {
    let op = world.app.program(Some(world.client), &[Permission::AssetsRead]);
    suppressed_count(&op, world.client).await.unwrap()
}

fn people(numbers: std::ops::Range<u32>) -> String {
    let line = |number| format!("{{\"kind\":\"suppression\",\"recipient\":\"+39 333 {number:07}\"}}\n");
    numbers.map(line).collect::<Vec<_>>().concat()
}

store::both_stores! {
    async fn facts_are_added_and_what_a_later_line_does_not_tell_stays(store: TestStore) {
        let world = World::new(store).await;
        let first = world.import(ImportKind::Assets, &world.file("a.ndjson.gz", FACTS)).await.unwrap().import;
        assert_eq!((first.accepted, first.rejected), (4, 0));
        let before = declared(&world, None).await;
        let named: Vec<_> = before.iter().map(|asset| (asset.kind.as_str(), asset.name.as_str())).collect();
        assert_eq!(named, [("client", ""), ("campaign", "autumn"), ("flow", "sign_up"), ("wording", "v1")]);
        let again = r#"{"kind": "client", "brand_names": ["Aurora Moda"]}"#.to_owned() + "\n" + &FACTS[FACTS.find("{\"kind\": \"wording").unwrap()..];
        let second = world.import(ImportKind::Assets, &world.file("b.ndjson", &again)).await.unwrap().import;
        let after = declared(&world, None).await;
        let client = json!({"kind": "client", "brand_names": ["Aurora Moda"], "permits": ["alcohol"]});
        assert_eq!((&after[0].body, after[0].version, after[0].import), (&client, 2, second.id));
        assert_eq!(after[1..], before[1..], "nothing new was said of the others");
        assert_eq!(declared(&world, Some("wording")).await.len(), 1);
        let stranger = world.app.program(Some(world.other), &[Permission::AssetsRead]);
        assert!(declared_page(&stranger, None, None, &Keyset::first(9)).await.unwrap().items.is_empty());
        assert_eq!(suppressed_count(&stranger, world.client).await.unwrap(), None);
    }

    async fn suppressed_people_count_once_and_over_all_imports(store: TestStore) {
        let world = World::new(store).await;
        assert_eq!(suppressed(&world).await, None);
        let bad = "{\"kind\":\"suppression\",\"recipients\":[\"+39 333 9999999\",\"nobody\"]}\n";
        let file = people(0..6_000) + bad + &people(5_990..6_001);
        let import = world.import(ImportKind::Assets, &world.file("a.ndjson", &file)).await.unwrap().import;
        assert_eq!((import.accepted, import.rejected), (6_011, 1));
        assert_eq!(suppressed(&world).await, Some(6_001));
        let error = &world.row_errors(&import).await[0];
        assert_eq!((error.line, error.column.as_str(), error.reason.as_str()), (6_001, "recipients", "invalid_value"));
        world.import(ImportKind::Assets, &world.file("b.ndjson", &people(6_000..6_010))).await.unwrap();
        assert_eq!(suppressed(&world).await, Some(6_010));
        assert!(declared(&world, None).await.is_empty());
    }

    async fn an_import_that_fails_leaves_nobody_suppressed(store: TestStore) {
        let world = World::new(store).await;
        let file = people(0..6_000) + "no\n";
        let strict = NewImport { strict: true, ..world.input(ImportKind::Assets, &world.file("a.ndjson", &file)) };
        let (code, message) = refusal(run(&world.importer(), strict).await);
        assert!(code == ImportCode::FileUnusable && message.contains("line 6001"), "{message}");
        // One whose process was killed after the people were written.
        let killed = Import { id: ImportId::new(world.app.services().clock.now(), &*world.app.services().random), state: ImportState::Running, finished_at: None, failure: None,
            content_sha256: "0".repeat(64), ..world.imports().await.remove(0) };
        let tx = world.app.services().store.write(&Visibility::System).await.unwrap();
        store::imports::insert(&tx, &killed).await.unwrap();
        let who: Vec<String> = (0..6_000).map(|number| format!("39333{number:07}")).collect();
        store::suppressed_recipients::add(&tx, world.client, killed.id, &who).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(suppressed(&world).await, None);
        world.app.clock().advance(301);
        assert_eq!(fail_abandoned(&world.app.system()).await.unwrap(), 1);
        assert_eq!(suppressed(&world).await, None);
        let tx = world.app.read(&Visibility::System).await.unwrap();
        assert!(store::suppressed_recipients::left(&tx, 9).await.unwrap().is_empty(), "they were tidied up");
    }

    async fn only_who_may_write_assets_imports_them(store: TestStore) {
        let world = World::new(store).await;
        let op = world.app.program(Some(world.client), &[Permission::TrafficImport]);
        let input = world.input(ImportKind::Assets, &world.file("a.ndjson", FACTS));
        assert!(matches!(run(&op, input).await, Err(OpError::Forbidden(_))));
        let (code, _) = refusal(world.import(ImportKind::Assets, &world.file("t.csv", "kind\nclient\n")).await);
        assert_eq!(code, ImportCode::FormatNotForKind);
    }
}
