//! Messages: formats, repetition, bad rows, who may.

use app::{
    OpError,
    imports::{self, ImportCode, NewImport},
};
use domain::{
    access::Permission,
    imports::{ImportFailureKind, ImportKind, ImportState},
};
use store::{page::Keyset, testing::TestStore};

use super::world::{MESSAGES, World, messages, refusal, run};

/// Rewrites a CSV of messages as NDJSON.
fn ndjson(csv: &str) -> String {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let fields: serde_json::Map<_, _> = header
                .iter()
                .zip(line.split(','))
                .map(|(name, value)| ((*name).to_owned(), serde_json::Value::from(value)))
                .collect();
            serde_json::Value::Object(fields).to_string() + "\n"
        })
        .collect()
}

store::both_stores! {
    async fn every_format_becomes_segments(store: TestStore) {
        let world = World::new(store).await;
        let csv = format!("{MESSAGES}{}", messages(1, 30));
        let mut segments = 0;
        for (name, content) in
            [("a.csv", csv.clone()), ("b.csv.gz", csv.clone()), ("c.ndjson", ndjson(&csv)), ("d.jsonl.gz", ndjson(&csv))]
        {
            let imported = world.import(ImportKind::Messages, &world.file(name, &content)).await.unwrap();
            let import = imported.import;
            assert_eq!((import.state, import.accepted, import.rejected), (ImportState::Completed, 30, 0), "{name}");
            assert_eq!(import.file_name, format!("as sent {name}"));
            let now = world.segments().await;
            assert!(now.len() > segments, "{name}");
            assert_eq!(now[segments..].iter().map(|segment| segment.rows).sum::<u64>(), 30, "{name}");
            segments = now.len();
        }
    }

    async fn parquet_is_imported_by_its_columns(store: TestStore) {
        let world = World::new(store).await;
        let path = world.path("m.parquet");
        let mut writer = lake::export::RowWriter::create(&path).unwrap();
        for n in 0..10 {
            let (id, recipient) = (format!("wamid.{n}"), format!("3933312345{n:02}"));
            let row = lake::exchange::InboundRow {
                message_id: &id,
                phone_number_id: "1002",
                sender: &recipient,
                user_id: None,
                received_at: 1_788_220_800_000_000 + n,
                message_type: None,
                text: None,
            };
            writer.write(&row).unwrap();
        }
        writer.finish().unwrap();
        let import = world.import(ImportKind::Inbound, &path).await.unwrap().import;
        assert_eq!((import.accepted, import.rejected), (10, 0));
        assert_eq!(world.segments().await[0].kind, ImportKind::Inbound);
    }

    async fn the_same_file_twice_changes_nothing(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("m.csv", &format!("{MESSAGES}{}", messages(1, 5)));
        let first = world.import(ImportKind::Messages, &path).await.unwrap();
        assert!(!first.is_unchanged);
        let segments = world.segments().await;
        let second = world.import(ImportKind::Messages, &path).await.unwrap();
        assert!(second.is_unchanged);
        assert_eq!(second.import, first.import);
        assert_eq!((world.segments().await, world.imports().await.len()), (segments, 1));
        // Another client's file is another file.
        let stranger = world.stranger();
        let theirs = NewImport { client: world.other, ..world.input(ImportKind::Messages, &path) };
        assert!(!run(&stranger, theirs).await.unwrap().is_unchanged);
    }

    async fn bad_rows_are_told_by_line_and_column(store: TestStore) {
        let world = World::new(store).await;
        let header = MESSAGES.trim_end().to_owned() + ",colour\n";
        let bad = "wamid.x,1002,39333,2026-09-01T08:00:00Z,template,news,it,marketing,red\n\
                   wamid.y,1002,393331234567,yesterday,template,news,it,marketing,red\n\
                   wamid.z,1002,393331234567,2026-09-01T08:00:00Z,free_form,,,service,red\n";
        let path = world.file("m.csv", &(header + bad));
        let import = world.import(ImportKind::Messages, &path).await.unwrap().import;
        assert_eq!((import.accepted, import.rejected), (1, 2));
        assert_eq!(import.unknown_columns, ["colour"]);
        let told: Vec<_> =
            world.row_errors(&import).await.into_iter().map(|error| (error.line, error.column, error.reason)).collect();
        let row = |line, column: &str, reason: &str| (line, column.to_owned(), reason.to_owned());
        assert_eq!(told, [row(2, "recipient", "not_a_recipient"), row(3, "sent_at", "not_an_instant")]);
    }

    async fn a_strict_import_takes_all_or_nothing(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("m.csv", &format!("{MESSAGES}{}wamid.x,1,2,3,4,5,6,7\n", messages(1, 5)));
        let strict = NewImport { strict: true, ..world.input(ImportKind::Messages, &path) };
        let (code, message) = refusal(run(&world.importer(), strict).await);
        assert_eq!(code, ImportCode::FileUnusable);
        assert!(message.contains("as sent m.csv") && message.contains("line 7"), "{message}");
        assert!(world.segments().await.is_empty());
        let failed = world.imports().await.remove(0);
        assert_eq!(failed.state, ImportState::Failed);
        assert_eq!(failed.failure.unwrap().kind, ImportFailureKind::Unusable);
        // What failed is no reason to refuse it when it is asked for otherwise.
        assert_eq!(world.import(ImportKind::Messages, &path).await.unwrap().import.accepted, 5);
    }

    async fn other_clients_and_their_imports_do_not_exist(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("m.csv", &format!("{MESSAGES}{}", messages(1, 5)));
        let stranger = world.stranger();
        let refused = run(&stranger, world.input(ImportKind::Messages, &path)).await;
        assert!(matches!(refused, Err(OpError::NotFound)), "{refused:?}");
        let import = world.import(ImportKind::Messages, &path).await.unwrap().import;
        assert!(imports::by_ids(&stranger, &[import.id]).await.unwrap().is_empty());
        assert!(imports::page(&stranger, None, &Keyset::first(10)).await.unwrap().items.is_empty());
        // Nor does a client that was never there, not even for the staff.
        let nobody = NewImport {
            client: domain::ClientId::from_uuid(import.id.uuid()),
            ..world.input(ImportKind::Messages, &path)
        };
        assert!(matches!(run(&world.app.system(), nobody).await, Err(OpError::NotFound)));
    }

    async fn each_kind_has_its_permission(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("m.csv", &format!("{MESSAGES}{}", messages(1, 5)));
        let refused = async |permissions: &[Permission], kind| {
            let op = world.app.program(Some(world.client), permissions);
            match run(&op, world.input(kind, &path)).await {
                Err(OpError::Forbidden(permission)) => permission,
                other => panic!("not forbidden: {other:?}"),
            }
        };
        assert_eq!(refused(&[Permission::ConsentsImport], ImportKind::Messages).await, Permission::TrafficImport);
        assert_eq!(refused(&[Permission::TrafficImport], ImportKind::Consents).await, Permission::ConsentsImport);
        let reader = world.app.program(Some(world.client), &[Permission::TrafficImport]);
        assert!(matches!(imports::by_ids(&reader, &[]).await, Err(OpError::Forbidden(Permission::ImportsRead))));
    }

    async fn an_import_is_shown_over_graphql(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("m.csv", &format!("{MESSAGES}{}wamid.x,1,2,3,4,5,6,7\n", messages(1, 5)));
        let import = world.import(ImportKind::Messages, &path).await.unwrap().import;
        let document = format!(
            "{{ import(id: \"{id}\") {{ state kind acceptedRows rejectedRows fileName failure {{ code }} \
             rowErrors(first: 1) {{ nodes {{ line column reason code }} pageInfo {{ hasNextPage }} }} client {{ slug }} }} \
             imports {{ nodes {{ id }} }} node(id: \"{id}\") {{ id __typename }} }}",
            id = import.id
        );
        let ask = async |op| {
            let request = graphql::prepare(document.as_str().into(), op, graphql::RequestId("r".to_owned()));
            serde_json::to_value(graphql::schema().execute(request).await).unwrap()
        };
        let answer = ask(world.importer()).await;
        let shown = &answer["data"]["import"];
        assert_eq!(answer["errors"], serde_json::Value::Null, "{answer}");
        assert_eq!((shown["state"].as_str(), shown["acceptedRows"].as_str()), (Some("COMPLETED"), Some("5")));
        assert_eq!(shown["client"]["slug"], "aurora");
        let error = &shown["rowErrors"]["nodes"][0];
        assert_eq!((error["line"].as_str(), error["column"].is_string()), (Some("7"), true), "{error}");
        assert_eq!(answer["data"]["node"]["__typename"], "Import");
        let answer = ask(world.stranger()).await;
        assert_eq!(answer["data"]["import"], serde_json::Value::Null);
        assert_eq!(answer["data"]["node"], serde_json::Value::Null);
        assert_eq!(answer["data"]["imports"]["nodes"].as_array().map(Vec::len), Some(0));
    }
}
