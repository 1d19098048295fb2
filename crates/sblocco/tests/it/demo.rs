//! The newcomer's first command, by the real binary: everything is made, shown and served, and it ends when asked.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

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
    sblocco().args(["demo", "--no-serve", "--messages", "21000", "--port", "0", "--dir"]).arg(folder).output().unwrap()
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
    let pid = server.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.wait().unwrap().success(), "a soft stop ends with 0");
}
