//! The commands that look at nothing but their own input, and those that make a deployment.

use std::fs;

use serde_json::json;

use crate::harness::{PASSWORD, Site, on_both, program};

fn site() -> Site {
    Site::sqlite()
}

#[test]
fn a_configuration_is_checked_and_told_by_key() {
    let site = site();
    assert_eq!(site.run(&["config", "check"]).ok(), "The configuration is valid.");
    site.file("sblocco.toml", "[server]\nlistn = \"127.0.0.1:1\"\n");
    site.run(&["config", "check"]).fails(2, &["server.listn: there is no such key", "sblocco.toml", "listen"]);
    site.file("sblocco.toml", "[server]\nlisten = \"here\"\n[worker]\nlisten = \"8481\"\nconcurrency = 0\n");
    site.run(&["config", "check"]).fails(2, &["server.listen: is no address", "worker.listen", "worker.concurrency"]);
    site.file("sblocco.toml", "[server\n");
    site.run(&["config", "check"]).fails(2, &["sblocco.toml is no TOML", "line 1"]);
    site.run(&["--config", "none.toml", "config", "check"]).fails(2, &["none.toml cannot be read: no such file"]);
    // Every command looks at it, not only the one that checks.
    site.run(&["migrate"]).fails(2, &["is no TOML"]);
}

#[test]
fn what_is_in_effect_is_shown_without_its_secrets() {
    let site = site()
        .with("SBLOCCO_AUTH__JWT_SECRET", "correct horse battery staple, and more")
        .with("SBLOCCO_DATABASE__URL", "postgres://app:s3cret@db.example.com/sblocco");
    site.file("given.toml", "[server]\nlisten = \"127.0.0.1:9\"\n");
    let shown = site.run(&["--config", "given.toml", "config", "show"]).ok();
    assert!(shown.contains("listen = \"127.0.0.1:9\"") && shown.contains("takeover_seconds = 60"), "{shown}");
    assert!(shown.contains("********") && !shown.contains("s3cret") && !shown.contains("horse"), "{shown}");
    assert!(site.run(&["config", "default"]).ok().contains("[lake.s3]"));
}

#[test]
fn the_schema_is_the_one_in_the_repository() {
    let printed = program().arg("schema").output().unwrap();
    let committed = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql")).unwrap();
    assert!(printed.status.success() && printed.stdout == committed, "run: cargo run -- schema > schema.graphql");
}

#[test]
fn bad_usage_ends_with_2_and_says_what_is_known() {
    let site = site();
    site.run(&["fly"]).fails(2, &["unrecognized subcommand 'fly'"]);
    site.run(&["audit", "--from", "2026-13-01", "--messages", "m.csv"]).fails(2, &["2026-09-01T00:00:00Z"]);
    site.run(&["import", "songs", "m.csv", "--client", "aurora"]).fails(2, &["songs"]);
    let user = ["admin", "create-staff-user", "--email", "a@b.example", "--name", "A", "--role"];
    site.run(&[&user[..], &["boss"]].concat()).fails(2, &["known are", "support_agent"]);
    let token = ["admin", "create-api-token", "--name", "t", "--permission", "everything"];
    site.run(&token).fails(2, &["known are", "traffic:import"]);
    assert!(!site.path("data").exists(), "bad usage makes nothing");
}

#[test]
fn generated_traffic_is_the_same_for_the_same_seed_and_never_overwrites() {
    let site = site();
    for format in ["csv", "ndjson", "parquet"] {
        let make = |out: &str| {
            site.run(&["generate", out, "--messages", "21000", "--seed", "7", "--format", format]).ok();
            let mut files = site.files_below(out);
            files.sort();
            files.into_iter().map(|file| fs::read(file).unwrap()).collect::<Vec<_>>()
        };
        let (one, other) = (format!("{format}-1"), format!("{format}-2"));
        assert_eq!(make(&one), make(&other), "{format}");
        let again = ["generate", &one, "--messages", "21000", "--seed", "8", "--format", format];
        site.run(&again).fails(2, &[&one, "empty"]);
    }
    site.run(&["generate", "x", "--messages", "many", "--seed", "1"]).fails(2, &["many"]);
}

on_both! {
    fn a_database_is_made_once_and_a_client_and_people_in_it(site: Site) {
        let first = site.run(&["migrate"]).ok();
        assert!(first.contains("applied m20261122_000001_clients"), "{first}");
        assert_eq!(site.run(&["migrate"]).ok(), "The database is up to date.");
        let client = ["admin", "create-client", "--name", "Aurora", "--slug", "aurora"];
        assert!(site.run(&client).ok().starts_with("cli_"));
        site.run(&client).fails(2, &["short name"]);
        let password = site.file("password", "correct horse battery staple\n");
        let user = |email: &str, file: &str| {
            site.run(&[
                "admin", "create-staff-user", "--email", email, "--name", "Ada", "--role", "bsp_admin",
                "--password-file", file,
            ])
        };
        assert!(user("ada@bsp.example", password.to_str().unwrap()).ok().starts_with("usr_"));
        user("ada@bsp.example", password.to_str().unwrap()).fails(2, &["address"]);
        user("ada", password.to_str().unwrap()).fails(2, &["name@company.example"]);
        user("bob@bsp.example", "nowhere").fails(1, &["nowhere", "no such file"]);
        site.file("short", "abc\n");
        user("bob@bsp.example", "short").fails(2, &["character"]);
        site.run(&["admin", "reset-password", "--email", "nobody@bsp.example", "--password-file", "password"])
            .fails(2, &["not found"]);
        let token = ["admin", "create-api-token", "--name", "t", "--client", "nobody", "--permission", "imports:read"];
        site.run(&token).fails(2, &["there is no client nobody", "cli_"]);
    }

    fn the_doctor_finds_a_deployment_well_when_it_is(site: Site) {
        let ill = site.run(&["doctor"]);
        assert_eq!(ill.status, Some(1));
        assert!(ill.stdout.contains("WRONG") && ill.stdout.contains("sblocco migrate"), "{ill:?}");
        site.furnish();
        let well = site.run(&["doctor"]).ok();
        for part in ["configuration", "database", "queue", "lake", "clock"] {
            assert!(well.contains(part), "{well}");
        }
        assert!(!well.contains("WRONG"), "{well}");
    }

    fn the_doctor_tells_how_secrets_are_sealed(site: Site) {
        let made = site.furnish();
        let server = site.serve();
        let token = server.ready().http.sign_in("ada@bsp.example", PASSWORD).unwrap();
        let create = "mutation($c: ID!) { webhookEndpointCreate(input: { clientId: $c, url: \"https://hooks.aurora.example/in\", \
                      events: [TICKET_OPENED] }) { secret userErrors { code } } }";
        let answer = server.http.with(&token).data(create, &json!({ "c": made.aurora }));
        assert!(answer["webhookEndpointCreate"]["secret"].is_string(), "{answer}");
        drop(server);
        let key = site.path("data/secrets.key");
        let made = fs::read_to_string(&key).unwrap();
        assert!(site.run(&["doctor"]).ok().contains("1 sealed with the present key"));
        // A new key before the old one: what is sealed with that one can be read, and is sealed anew with the next start.
        fs::write(&key, format!("{}\n{made}", "n".repeat(48))).unwrap();
        assert!(site.run(&["doctor"]).ok().contains("0 sealed with the present key, 1 not yet"));
        for (keys, words) in [("n".repeat(48), "1 cannot be read"), ("short".to_owned(), "fewer than")] {
            fs::write(&key, keys).unwrap();
            let ill = site.run(&["doctor"]);
            assert_eq!(ill.status, Some(1), "{ill:?}");
            assert!(ill.stdout.contains("WRONG") && ill.stdout.contains(words), "{ill:?}");
        }
        fs::write(&key, format!("{}\n{made}", "n".repeat(48))).unwrap();
        site.serve().ready();
        assert!(site.run(&["doctor"]).ok().contains("1 sealed with the present key"), "the start sealed it anew");
    }

    fn a_server_refuses_a_database_without_its_migrations(site: Site) {
        // An embedded database is brought up to date by whoever opens it; a server's only by its owner.
        let postgres = site.run(&["config", "show"]).ok().contains("postgres://");
        if postgres {
            // Whether the role is there already depends on who else uses the server.
            let refused = site.run(&["serve", "--listen", "127.0.0.1:0"]);
            refused.fails(1, &["run `sblocco migrate`"]);
        } else {
            site.serve().ready();
        }
    }
}
