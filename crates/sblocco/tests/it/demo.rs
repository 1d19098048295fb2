//! The newcomer's first command, by the real binary: everything is made, shown and served, and it ends when asked.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use crate::harness::until;

fn sblocco() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sblocco"));
    // Whoever runs the tests may have settings of its own, and the tests' runner has some.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SBLOCCO_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn demo(folder: &Path) -> Output {
    let mut command = sblocco();
    command.args(["demo", "--no-serve", "--messages", "21000", "--port", "0", "--dir"]).arg(folder);
    command.env("SBLOCCO_MAIL__REPLY_ADDRESS", REPLIES).output().unwrap()
}

/// Who runs the side of the blocked client.
const ADMIN: &str = "admin@nordic-shoes.example";

/// Where mails about tickets are answered.
const REPLIES: &str = "reply@bsp.example";

/// A command on a data folder, with something to read.
fn on(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = sblocco();
    command.args(arguments).env("SBLOCCO_DATA__DIR", folder).env("SBLOCCO_MAIL__REPLY_ADDRESS", REPLIES);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What a command says that ends with `status`.
fn says(output: Output, status: i32) -> String {
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The address made for a person to answer at, as a mail in the folder has it.
fn address_made_for(folder: &Path, person: &str) -> Option<String> {
    let mails = fs::read_dir(folder.join("mail")).ok()?.flatten();
    let mut mails = mails.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    let to = |mail: &str| mail.lines().any(|line| line.starts_with("To:") && line.contains(person));
    mails.find_map(|mail| {
        let unfolded = mail.replace("\r\n ", " ");
        let reply_to = unfolded.lines().find_map(|line| line.strip_prefix("Reply-To:")).filter(|_| to(&unfolded))?;
        Some(reply_to.trim().rsplit('<').next()?.trim_end_matches('>').to_owned())
    })
}

/// The answer to a plain GET.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The server of a data folder, on a port that was free, and its address.
fn serve(folder: &Path) -> (Child, String) {
    let mut child = sblocco()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("SBLOCCO_DATA__DIR", folder)
        .env("SBLOCCO_MAIL__REPLY_ADDRESS", REPLIES)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.split_once("answers on http://").map(|(_, rest)| rest.trim().to_owned()));
    // Whoever writes to a pipe that nobody reads stops.
    std::thread::spawn(move || lines.for_each(drop));
    (child, address.unwrap())
}

/// Whether the server becomes ready within ten seconds: its worker announces itself a moment after the port answers.
fn becomes_ready(address: &str) -> bool {
    (0..100).any(|_| {
        let ready = get(address, "/readyz").starts_with("HTTP/1.1 200");
        if !ready {
            std::thread::park_timeout(std::time::Duration::from_millis(100));
        }
        ready
    })
}

#[test]
fn the_demo_makes_shows_and_serves_the_main_job() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("demo");
    let made = demo(&folder);
    let text = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for expected in ["CON-01", "spring_import", "T-00000001", "admin@nordic-shoes.example", "Three requests to paste"] {
        assert!(text.contains(expected), "{expected} is missing in:\n{text}");
    }
    let clean = text.split("Libreria Fenice").nth(1).unwrap();
    assert!(clean.trim_start().lines().nth(1).unwrap().contains("no findings"), "{text}");

    let again = demo(&folder);
    assert_eq!(again.status.code(), Some(2), "a folder that is taken is bad usage");
    assert!(String::from_utf8_lossy(&again.stderr).contains("not empty"));

    let (mut server, address) = serve(&folder);
    assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(becomes_ready(&address), "{}", get(&address, "/readyz"));
    let answer_at = until(30, "a mail about the ticket", || address_made_for(&folder, ADMIN));
    let pid = server.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.wait().unwrap().success(), "a soft stop ends with 0");
    the_time_of_its_ticket_is_explained(&folder);
    its_mails_are_answered(&folder, &answer_at);
}

fn the_time_of_its_ticket_is_explained(folder: &Path) {
    let explain = |more: &[&str]| on(folder, &[&["sla", "explain", "T-00000001"], more].concat(), "");
    let english = says(explain(&["--language", "en"]), 0);
    assert!(english.starts_with("T-00000001 ") && english.contains("First response (cycle 1): promised"), "{english}");
    let italian = says(explain(&[]), 0);
    assert!(italian.contains("Prima risposta (ciclo 1)"), "{italian}");
    let table = says(explain(&["--language", "en", "--format", "csv"]), 0);
    let mut rows = table.split_terminator("\r\n");
    assert!(rows.next().unwrap().starts_with("ticket,metric,cycle,"), "{table}");
    assert!(rows.all(|row| row.starts_with("T-00000001,")), "{table}");
    for unknown in ["T-00000099", "1", "T-x"] {
        let none = on(folder, &["sla", "explain", unknown], "");
        assert!(String::from_utf8_lossy(&none.stderr).contains(unknown), "{none:?}");
        says(none, 2);
    }
}

fn its_mails_are_answered(folder: &Path, address: &str) {
    let mail = |id: u32, from: &str, to: &str| {
        format!(
            "Message-ID: <{id}@nordic-shoes.example>\r\nFrom: {from}\r\nTo: {to}\r\nSubject: Re: x\r\n\r\nFatto.\r\n"
        )
    };
    let take = |mail: &str| says(on(folder, &["mail"], mail), 0);
    let answer = mail(1, ADMIN, address);
    assert!(take(&answer).starts_with("replied tkt_"));
    assert!(take(&answer).starts_with("already tkt_"));
    assert_eq!(take(&mail(2, "who@example.com", address)), "stranger\n");
    assert_eq!(take(&mail(3, ADMIN, REPLIES)), "no_ticket\n");
    assert_eq!(take(&format!("Auto-Submitted: auto-replied\r\n{}", mail(4, ADMIN, address))), "automatic\n");
    says(on(folder, &["mail"], ""), 2);
    says(on(folder, &["mail", "--sysexits"], ""), 65);
    let test = says(on(folder, &["admin", "send-test-mail", "--to", "ada@example.com"], ""), 0);
    assert_eq!(test, "The test mail to ada@example.com was taken.\n");
    says(on(folder, &["admin", "send-test-mail", "--to", "ada"], ""), 2);
}
