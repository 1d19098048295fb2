//! Webhooks while the world fails: a full disk, a database that dies, and bodies that nobody of Meta's would send.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread::{park_timeout, scope},
    time::{Duration, Instant},
};

use store::testing::OwnServer;

use crate::{
    harness::{Process, Site, SmallDisk, block_on, on_both, until},
    serving::metric,
    webhooks::{SECRET, Scene},
};

/// Answers to webhooks of this outcome, as the server counts them.
fn answers(scene: &Scene, outcome: &str) -> u64 {
    metric(&scene.server.http, "sblocco_webhooks_total{", &[&format!("outcome=\"{outcome}\"")]).unwrap_or_default()
        as u64
}

#[test]
fn an_inbox_without_room_asks_meta_to_come_again_and_loses_nothing() {
    let mut site = Site::sqlite();
    let disk = SmallDisk::mount(&mut site, "disk", 48 << 10);
    let url = format!("sqlite://{}", site.path("disk/sblocco.db").display());
    let scene = Scene::new(site.with("SBLOCCO_DATABASE__URL", &url));
    let told = scene.site.path("acknowledged");
    let arguments = ["--rate", "100", "--seconds", "6", "--batch", "60", "--retries", "60", "--acknowledged"];
    let mut meta = Process::begin(scene.meta(&[&arguments[..], &[told.to_str().unwrap()]].concat()));
    until(10, "that some are stored", || (answers(&scene, "stored") > 20).then_some(()));
    until(20, "that the disk is full", || {
        disk.fill(0);
        (answers(&scene, "unavailable") > 20).then_some(())
    });
    assert_eq!(scene.server.http.get("/healthz").status, 200, "it lives");
    disk.make_room();
    assert!(meta.wait().unwrap().success(), "every body is acknowledged in the end");
    scene.everything_is_there_once(&told);
}

#[test]
fn a_database_that_dies_under_load_asks_meta_to_come_again_and_loses_nothing() {
    let postgres = block_on(OwnServer::start());
    let scene = Scene::new(Site::on(postgres.database()));
    let told = scene.site.path("acknowledged");
    let arguments = ["--rate", "150", "--seconds", "6", "--batch", "10", "--retries", "100", "--acknowledged"];
    let mut meta = Process::begin(scene.meta(&[&arguments[..], &[told.to_str().unwrap()]].concat()));
    until(10, "that some are stored", || (answers(&scene, "stored") > 50).then_some(()));
    postgres.end();
    until(30, "that it is noticed", || (answers(&scene, "unavailable") > 20).then_some(()));
    postgres.begin_again();
    assert!(meta.wait().unwrap().success(), "every body is acknowledged in the end");
    scene.everything_is_there_once(&told);
}

/// Sends bytes as they are, and returns the status of the answer; nothing when the connection ended without one.
fn send(address: &str, head: &str, pieces: impl IntoIterator<Item = Vec<u8>>) -> Option<u16> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!("POST /webhooks/meta HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    for piece in pieces {
        // A server that refuses answers before it has read everything.
        if stream.write_all(&piece).is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).ok()?;
    std::str::from_utf8(&answer).unwrap().strip_prefix("HTTP/1.1 ")?.parse().ok()
}

fn signed(body: &[u8]) -> String {
    format!("X-Hub-Signature-256: {}", meta::webhook::sign(body, SECRET))
}

on_both! {
    fn of_bodies_that_are_refused_nothing_stays_but_a_count(site: Site) {
        let scene = Scene::new(site);
        let address = scene.server.http.address.clone();
        let body = br#"{"entry":[{"id":"555","time":1795420800,"changes":[{"field":"account_review_update","value":{"decision":"APPROVED"}}]}]}"#;
        let length = format!("Content-Length: {}", body.len());
        let good = signed(body);
        let foreign = format!("X-Hub-Signature-256: {}", meta::webhook::sign(body, "the secret of another app"));
        for forged in [length.clone(), format!("{length}\r\n{foreign}"), format!("{length}\r\n{good}\r\n{good}"), format!("{length}\r\n{}", good.replace("-256: sha256", ": sha1")), format!("{length}\r\n{}", good.replace("sha256=", "sha512="))] {
            assert_eq!(send(&address, &forged, [body.to_vec()]), Some(401), "{forged}");
        }
        assert_eq!(answers(&scene, "forged"), 5);

        // A hundred megabytes: announced, then in pieces without an announcement.
        let megabyte = vec![b' '; 1 << 20];
        let announced = format!("Content-Length: {}\r\n{good}", 100 << 20);
        let begun = Instant::now();
        assert_eq!(send(&address, &announced, []), Some(413));
        let chunk = [b"100000\r\n".to_vec(), megabyte, b"\r\n".to_vec()].concat();
        let answer = send(&address, &format!("Transfer-Encoding: chunked\r\n{good}"), std::iter::repeat_n(chunk, 100));
        assert!(matches!(answer, Some(413) | None), "{answer:?}: told, or cut off while it was still sending");
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits for the rest");
        assert_eq!(answers(&scene, "too large"), 2);

        // Cut off in the middle: whoever sent it is not there any more to be told.
        let mut cut = TcpStream::connect(&address).unwrap();
        write!(cut, "POST /webhooks/meta HTTP/1.1\r\nHost: {address}\r\n{length}\r\n{good}\r\n\r\n").unwrap();
        cut.write_all(&body[..50]).unwrap();
        drop(cut);
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000)).into_bytes();
        let not_a_number = br#"{"entry":[{"id":NaN}]}"#.to_vec();
        for body in [deep, not_a_number, b"{".to_vec(), Vec::new()] {
            let head = format!("Content-Length: {}\r\n{}", body.len(), signed(&body));
            assert_eq!(send(&address, &head, [body]), Some(400));
        }
        assert_eq!(answers(&scene, "stored"), 0, "nothing was stored");

        // What is strange and Meta's all the same is taken: of an account that nobody knows, with an id beyond 2^53, from another year.
        let strange = br#"{"entry":[{"id":9007199254740993,"time":4102444800,"changes":[{"field":"account_review_update","value":{"decision":"APPROVED","decision":"REJECTED"}}]}]}"#;
        let head = format!("Content-Length: {}\r\n{}", strange.len(), signed(strange));
        assert_eq!(send(&address, &head, [strange.to_vec()]), Some(200));
        until(10, "that doctor tells of it", || scene.site.run(&["doctor"]).stdout.contains("9007199254740993").then_some(()));
    }

    fn more_than_can_be_received_is_refused_and_what_is_acknowledged_is_there(site: Site) {
        let scene = Scene::new(site);
        let address = scene.server.http.address.clone();
        // Bodies that arrive slowly hold the room for all that are on their way in: 64 MiB, 21 of the largest.
        let body = vec![b' '; 3 << 20];
        let head = format!("Content-Length: {}\r\n{}", body.len(), signed(&body));
        scope(|scope| {
            for _ in 0..25 {
                let (address, head) = (&address, &head);
                scope.spawn(move || {
                    let mut stream = TcpStream::connect(address).unwrap();
                    let head = format!("POST /webhooks/meta HTTP/1.1\r\nHost: {address}\r\n{head}\r\n\r\n");
                    stream.write_all(head.as_bytes()).unwrap();
                    park_timeout(Duration::from_secs(4));
                });
            }
            until(4, "that there is no room", || (answers(&scene, "unavailable") >= 4).then_some(()));
        });
        let told = scene.site.path("acknowledged");
        let arguments = ["--rate", "150", "--seconds", "3", "--batch", "10", "--retries", "60", "--acknowledged"];
        assert!(scene.meta(&[&arguments[..], &[told.to_str().unwrap()]].concat()).status().unwrap().success());
        scene.everything_is_there_once(&told);
    }
}
