//! Templates: upserted by Meta's id, all of a file or nothing.

use app::{
    assets,
    imports::{ImportCode, NewImport},
    testing::START,
};
use domain::{
    access::Permission,
    assets::{AssetKind, Template},
    imports::ImportKind,
};
use store::{page::Keyset, testing::TestStore};

use super::world::{World, refusal, run};

fn line(id: u32, status: &str, body: &str) -> String {
    format!(
        "{{\"id\":{id},\"name\":\"t{id}\",\"language\":\"it\",\"category\":\"MARKETING\",\"status\":\"{status}\",\
         \"components\":[{{\"type\":\"BODY\",\"text\":\"{body}\"}}]}}\n"
    )
}

async fn templates(world: &World) -> Vec<Template> {
    let op = world.app.program(Some(world.client), &[Permission::AssetsRead]);
    assets::templates_page(&op, None, &Keyset::first(100)).await.unwrap().items
}

store::both_stores! {
    async fn templates_are_added_and_brought_up_to_date(store: TestStore) {
        let world = World::new(store).await;
        let first = world.file("a.ndjson.gz", &format!("{}{}", line(1, "APPROVED", "Ciao"), line(2, "PENDING", "Ecco")));
        assert_eq!(world.import(ImportKind::Templates, &first).await.unwrap().import.accepted, 2);
        let before = templates(&world).await;
        assert_eq!(before[0].components[0]["text"], "Ciao");
        let bare = "{\"id\":\"2\",\"name\":\"t2\",\"language\":\"it\",\"status\":\"REJECTED\"}\n";
        let second = world.file("b.ndjson", &format!("{}{bare}{}", line(1, "APPROVED", "Ciao"), line(3, "PAUSED", "Qui")));
        world.import(ImportKind::Templates, &second).await.unwrap();
        let after = templates(&world).await;
        assert_eq!(after[0], before[0], "nothing new was said of the first");
        assert_eq!((after[1].status.as_str(), after[1].version), ("REJECTED", 2));
        assert_eq!((&after[1].category, &after[1].components), (&before[1].category, &before[1].components));
        assert_eq!(after.len(), 3);
    }

    async fn since_when_a_template_is_what_it_is_is_kept(store: TestStore) {
        let world = World::new(store).await;
        let rated = |score: &str, date: i64| format!(
            "{{\"id\":1,\"name\":\"t1\",\"language\":\"it\",\"status\":\"APPROVED\",\"quality_score\":{{\"score\":\"{score}\",\"date\":{date}}}}}\n"
        );
        for (file, line) in [("a.ndjson", rated("GREEN", START - 900)), ("b.ndjson", rated("YELLOW", START - 90)), ("c.ndjson", rated("YELLOW", START - 9))] {
            world.import(ImportKind::Templates, &world.file(file, &line)).await.unwrap();
        }
        let op = world.app.program(Some(world.client), &[Permission::AssetsRead]);
        let asset = (AssetKind::Template, templates(&world).await[0].id.uuid());
        let changes = assets::changes_page(&op, Some(asset), &Keyset::first(100)).await.unwrap().items;
        let told: Vec<_> = changes.iter().map(|change| (change.attribute.as_str(), change.value.as_str(), change.at.timestamp() - START)).collect();
        assert_eq!(told[..2], [("quality", "GREEN", -900), ("quality", "YELLOW", -90)], "what is said again is so since it was said first");
        assert_eq!((told.len(), told[2].0, told[2].1), (3, "status", "APPROVED"));
    }

    async fn bad_lines_are_told_and_the_rest_is_kept(store: TestStore) {
        let world = World::new(store).await;
        let bad = "not json\n{\"id\":\"9\",\"name\":\"x\"}\n{\"id\":\"8\",\"name\":\"a\\u0000b\",\"language\":\"it\"}\n";
        let path = world.file("a.ndjson", &format!("{}{bad}{}", line(1, "APPROVED", "Ciao"), "\n"));
        let import = world.import(ImportKind::Templates, &path).await.unwrap().import;
        assert_eq!((import.accepted, import.rejected), (1, 3));
        let told: Vec<_> = world
            .row_errors(&import)
            .await
            .into_iter()
            .map(|error| (error.line, error.column, error.reason))
            .collect();
        let row = |line, column: &str, reason: &str| (line, column.to_owned(), reason.to_owned());
        let expected = [row(2, "", "not_an_object"), row(3, "language", "missing"), row(4, "", "invalid_value")];
        assert_eq!(told, expected);
    }

    async fn a_bad_file_of_templates_changes_nothing(store: TestStore) {
        let world = World::new(store).await;
        let many: String = (1..=2_000).map(|id| line(id, "APPROVED", "Ciao")).collect();
        let path = world.file("a.ndjson.gz", &many);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 20]).unwrap();
        let (code, message) = refusal(world.import(ImportKind::Templates, &path).await);
        assert!(code == ImportCode::FileUnusable && message.contains("too early"), "{message}");
        let path = world.file("b.ndjson", &(line(1, "APPROVED", "Ciao") + "no\n"));
        let strict = NewImport { strict: true, ..world.input(ImportKind::Templates, &path) };
        let (_, message) = refusal(run(&world.importer(), strict).await);
        assert!(message.contains("line 2"), "{message}");
        let (code, _) = refusal(world.import(ImportKind::Templates, &world.file("t.csv", "id\n1\n")).await);
        assert_eq!(code, ImportCode::FormatNotForKind);
        assert!(templates(&world).await.is_empty());
    }
}
