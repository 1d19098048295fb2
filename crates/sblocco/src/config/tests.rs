use std::path::Path;

use super::*;

fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_parts(Some((Path::new("sblocco.toml"), file)), variables)
}

fn refusal(file: &str, variables: &[(&str, &str)]) -> String {
    load(file, variables).unwrap_err().to_string()
}

#[test]
fn the_defaults_are_embedded_and_valid() {
    let config = Config::defaults().unwrap();
    assert_eq!(config.database_url(), "sqlite://sblocco-data/sblocco.db");
    assert_eq!(config.queue_url(), "sqlite://sblocco-data/queue.db");
    assert_eq!(config.temp_dir(), Path::new("sblocco-data/tmp"));
    assert_eq!(config.server.listen, "127.0.0.1:8480");
    assert!(config.lake_threads() >= 1);
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_defaults() {
    let file = "[server]\nlisten = \"127.0.0.1:1\"\nshutdown_grace_seconds = 7";
    let config =
        load(file, &[("SBLOCCO_SERVER__LISTEN", "127.0.0.1:2"), ("SBLOCCO_LAKE__S3__REGION", "eu-south-1")]).unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:2");
    assert_eq!(config.server.shutdown_grace_seconds, 7);
    assert_eq!(config.server.header_timeout_seconds, 5);
    assert_eq!(config.lake.s3.region, "eu-south-1");
}

#[test]
fn a_variable_is_read_by_the_type_of_its_key() {
    let digits = "12345678901234567890123456789012";
    let config = load(
        "",
        &[
            ("SBLOCCO_AUTH__JWT_SECRET", digits),
            ("SBLOCCO_WORKER__CONCURRENCY", "3"),
            ("SBLOCCO_LAKE__S3__ALLOW_HTTP", "true"),
            ("SBLOCCO_LAKE__MEMORY", "1GiB"),
            ("SBLOCCO_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
            ("SBLOCCO_SERVER__ALLOWED_ORIGINS", ""),
            ("SBLOCCO_CONFIG", "elsewhere.toml"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert_eq!(config.auth.jwt_secret.expose(), Some(digits));
    assert_eq!(config.worker.concurrency, 3);
    assert!(config.lake.s3.allow_http);
    assert_eq!(config.lake.memory, ByteSize::of(1 << 30));
    assert_eq!(config.server.trusted_proxies, ["10.0.0.0/8", "fd00::/8"]);
    assert!(config.server.allowed_origins.is_empty());
}

#[test]
fn a_variable_with_one_underscore_too_few_is_told_so() {
    let text = refusal("", &[("SBLOCCO_DATA_DIR", "elsewhere")]);
    assert!(text.contains("data_dir: there is no such key"), "{text}");
    assert!(text.contains("two underscores part a section from its key, as in SBLOCCO_DATA__DIR"), "{text}");
    let text = refusal("", &[("SBLOCCO_DATA", "elsewhere")]);
    assert!(text.contains("data: this is a section and has no value of its own"), "{text}");
    assert!(!refusal("[server]\nlissten = \"x\"", &[]).contains("underscores"));
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    let text = refusal("[server]\nlissten = \"x\"", &[]);
    assert!(text.contains("server.lissten: there is no such key (in sblocco.toml)"), "{text}");
    assert!(text.contains("listen, public_url"), "{text}");
    assert!(refusal("[srever]\nlisten = \"x\"", &[]).contains("srever"));
    let text = refusal("", &[("SBLOCCO_SERVER__LISSTEN", "x")]);
    assert!(
        text.contains("server.lissten") && text.contains("the environment variable SBLOCCO_SERVER__LISSTEN"),
        "{text}"
    );
}

#[test]
fn a_value_that_does_not_fit_is_named_and_not_echoed() {
    let text = refusal("", &[("SBLOCCO_WORKER__CONCURRENCY", "hunter2")]);
    assert!(text.contains("worker.concurrency") && text.contains("SBLOCCO_WORKER__CONCURRENCY"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let text = refusal("[auth]\njwt_secret = 12345", &[]);
    assert!(text.contains("auth.jwt_secret") && !text.contains("12345"), "{text}");
    assert!(refusal("[lake]\nmemory = \"lots\"", &[]).contains("lake.memory"));
    assert!(refusal("[log]\nformat = \"xml\"", &[]).contains("log.format"));
    assert!(refusal("[server\n", &[]).contains("sblocco.toml is no TOML"));
}

#[test]
fn every_problem_is_told_at_once_with_what_to_do() {
    let file = r#"
        [data]
        dir = ""
        [server]
        listen = "localhost"
        public_url = "ftp://x"
        [database]
        url = "mysql://x"
        owner_url = "postgres://x"
        [lake]
        url = "gs://x"
        memory = "1MiB"
        [auth]
        jwt_secret = "short"
        [worker]
        concurrency = 0
        listen = "8481"
        [log]
        level = "web=loud"
        [language]
        default = "de"
    "#;
    let Err(ConfigError::Invalid(problems)) = load(file, &[]) else { panic!("accepted") };
    let keys: Vec<&str> = problems.iter().map(|problem| problem.key).collect();
    assert_eq!(
        keys,
        [
            "data.dir",
            "server.listen",
            "server.public_url",
            "database.url",
            "database.owner_url",
            "lake.url",
            "lake.memory",
            "auth.jwt_secret",
            "worker.concurrency",
            "worker.listen",
            "log.level",
            "language.default"
        ]
    );
    assert!(problems.iter().all(|problem| !problem.message.contains("short\"")));
}

#[test]
fn an_outgrown_machine_is_configured_by_addresses_alone() {
    let config = load("[database]\nurl = \"postgres://app:s3cret@db/sblocco\"\n[lake]\nurl = \"s3://bucket/lake\"\n[lake.s3]\nregion = \"eu-south-1\"", &[]).unwrap();
    assert!(config.uses_postgres());
    assert_eq!(config.queue_url(), "postgres://app:s3cret@db/sblocco");
    assert_eq!(config.owner_url(), config.database_url());
    assert_eq!(config.runtime_role().as_deref(), Some("app"));
    assert!(refusal("[lake]\nurl = \"s3://bucket\"", &[]).contains("lake.s3.region"));
}

#[test]
fn what_is_shown_reads_back_and_holds_no_secret() {
    let config = load(
        "",
        &[
            ("SBLOCCO_AUTH__JWT_SECRET", "correct horse battery staple, and more"),
            ("SBLOCCO_DATABASE__URL", "postgres://app:s3cret@db/sblocco"),
            ("SBLOCCO_LAKE__S3__SECRET_ACCESS_KEY", "s3cret"),
        ],
    )
    .unwrap();
    let shown = config.shown().unwrap();
    assert!(
        !shown.contains("s3cret") && !shown.contains("horse") && !format!("{config:?}").contains("s3cret"),
        "{shown}"
    );
    assert!(shown.contains("postgres://app:********@db/sblocco"));
    assert!(toml::from_str::<toml::Table>(&shown).is_ok());
    assert_eq!(
        toml::from_str::<Config>(&Config::defaults().unwrap().shown().unwrap()).unwrap(),
        Config::defaults().unwrap()
    );
}

#[test]
fn the_example_for_deployment_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/sblocco.example.toml");
    let config = Config::load(Some(&path), []).unwrap();
    assert!(config.uses_postgres());
}

#[test]
fn a_named_file_must_exist() {
    let missing = Path::new("/nonexistent/sblocco.toml");
    let text = Config::load(Some(missing), []).unwrap_err().to_string();
    assert!(text.contains("/nonexistent/sblocco.toml cannot be read: no such file or folder"), "{text}");
}
