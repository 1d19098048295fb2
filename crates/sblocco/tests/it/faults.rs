//! What the world around the program may do to it: taken ports, folders that cannot be written, databases that are not there.

use std::net::TcpListener;

use serde_json::Value;
use store::testing::OwnServer;

use crate::harness::{Site, SmallDisk, block_on, on_both, until};

on_both! {
    fn a_port_that_is_taken_is_told_before_anything_else(site: Site) {
        site.furnish();
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let words = [&*format!("cannot listen on {address}"), "in use", "server.listen"];
        site.run(&["serve", "--listen", &address]).fails(1, &words);
        let site = site.with("SBLOCCO_WORKER__LISTEN", &address);
        site.run(&["worker"]).fails(1, &["in use", "worker.listen"]);
    }

    fn a_data_folder_that_cannot_be_made_is_told(site: Site) {
        site.file("file", "");
        let inside = site.path("file/data").display().to_string();
        let site = site.with("SBLOCCO_DATA__DIR", &inside);
        site.run(&["serve", "--listen", "127.0.0.1:0"]).fails(1, &["cannot make the folder", &inside, "not a folder"]);
        site.run(&["admin", "create-client", "--name", "A", "--slug", "a"]).fails(1, &["cannot make the folder", &inside]);
    }
}

#[test]
fn a_folder_on_a_read_only_file_system_is_told() {
    let mut site = Site::sqlite();
    site.furnish();
    let disk = SmallDisk::mount(&mut site, "disk", 1_024);
    disk.read_only();
    let folder = site.path("disk").display().to_string();
    let site = site.with("SBLOCCO_LAKE__TEMP_DIR", &folder);
    let words = ["cannot write into the folder", &*folder, "read-only"];
    site.run(&["serve", "--listen", "127.0.0.1:0"]).fails(1, &words);
    let doctor = site.run(&["doctor"]);
    assert_eq!(doctor.status, Some(1), "{doctor:?}");
    assert!(doctor.stdout.contains("read-only"), "{doctor:?}");
}

#[test]
fn a_database_that_does_not_answer_is_told_by_every_command() {
    // A port that nothing listens on: taken, and given back.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://app:s3cret@127.0.0.1:{port}/sblocco");
    let site = Site::sqlite().with("SBLOCCO_DATABASE__URL", &url);
    let commands = [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"], &["doctor"]];
    let said = std::thread::scope(|scope| {
        let site = &site;
        let running = commands.map(|arguments| scope.spawn(move || site.run(arguments)));
        running.map(|thread| thread.join().unwrap())
    });
    for done in said {
        let text = format!("{}{}", done.stdout, done.stderr);
        assert_eq!(done.status, Some(1), "{done:?}");
        assert!(text.contains("database") && text.contains("check") && !text.contains("s3cret"), "{done:?}");
    }
}

#[test]
fn a_file_that_is_no_database_is_told_and_left_alone() {
    let site = Site::sqlite();
    std::fs::create_dir(site.path("data")).unwrap();
    let text = "not a database, and long enough to be taken for the header of one".repeat(20);
    site.file("data/sblocco.db", &text);
    site.run(&["serve", "--listen", "127.0.0.1:0"]).fails(1, &["database"]);
    assert_eq!(std::fs::read_to_string(site.path("data/sblocco.db")).unwrap(), text);
}

#[test]
fn a_server_whose_database_dies_lives_is_not_ready_and_recovers() {
    let postgres = block_on(OwnServer::start());
    let site = Site::on(postgres.database());
    let made = site.furnish();
    let server = site.serve();
    let http = server.ready().http.with(&made.aurora_token);
    let clients = "{ clients(first: 5) { nodes { slug } } }";
    assert_eq!(http.data(clients, &Value::Null)["clients"]["nodes"][0]["slug"], "aurora");
    postgres.end();
    let down = until(30, "that it is not ready", || {
        let ready = http.get("/readyz");
        (ready.status == 503).then_some(ready)
    });
    let down = down.json();
    let database = down["dependencies"].as_array().unwrap().iter().find(|dependency| dependency["name"] == "database");
    assert_eq!(database.unwrap()["status"], "down");
    assert_eq!(http.get("/healthz").status, 200, "it lives");
    let refused = http.graphql(clients, &Value::Null);
    let code = refused["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    assert!(["UNAVAILABLE", "TIMEOUT"].contains(&code.as_str()), "{refused}");
    assert!(!refused.to_string().contains("sqlx") && !refused.to_string().contains("socket"), "{refused}");
    postgres.begin_again();
    until(60, "that it is ready again", || (http.get("/readyz").status == 200).then_some(()));
    assert_eq!(http.data(clients, &Value::Null)["clients"]["nodes"][0]["slug"], "aurora");
}
