//! Messages on the wire, to a real server on loopback, and into a real folder.

use domain::Instant;
use i18n::Lang;
use mail_parser::MessageParser;

use super::*;
use crate::{Letter, Message, Person, Thread, letter::Block, testing::TestServer};

fn message(to: &str) -> Message {
    Message {
        id: "dlv_1@bsp.example".to_owned(),
        from: Person { name: "Sblocco".to_owned(), email: "sblocco@bsp.example".to_owned() },
        to: Person { name: "Zoë, \"the\" <x>\r\nBcc: y@z.example".to_owned(), email: to.to_owned() },
        reply_to: Some("reply+1.2@bsp.example".to_owned()),
        at: Instant::from_timestamp(1_795_420_800, 0).unwrap(),
        letter: Letter {
            subject: "[T-00000001] È bloccato".to_owned(),
            blocks: vec![Block::Text("Perché è così.".to_owned()), Block::Text(".".to_owned())],
            footer: Vec::new(),
            lang: Lang::It,
        },
        thread: Some(Thread { root: "tkt_1@bsp.example".to_owned() }),
        unsubscribe: Some("https://sblocco.example/v1/mail/unsubscribe/x".to_owned()),
    }
}

#[tokio::test]
async fn a_message_arrives_with_all_its_headers_and_nothing_that_a_name_smuggled_in() {
    let server = TestServer::start().await;
    let transport = SmtpTransport::new(&server.server()).unwrap();
    transport.check().await.unwrap();
    transport.send(&message("zoe@client.example")).await.unwrap();
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].from.as_str(), &taken[0].to[..]),
        ("sblocco@bsp.example", &["zoe@client.example".to_owned()][..])
    );
    let mail = MessageParser::default().parse(&taken[0].bytes).unwrap();
    assert_eq!(mail.message_id(), Some("dlv_1@bsp.example"));
    assert_eq!(mail.in_reply_to().as_text(), Some("tkt_1@bsp.example"));
    assert_eq!(mail.references().as_text(), Some("tkt_1@bsp.example"));
    assert_eq!(mail.subject(), Some("[T-00000001] È bloccato"));
    assert_eq!(mail.date().unwrap().to_timestamp(), 1_795_420_800);
    assert_eq!(mail.reply_to().unwrap().first().unwrap().address(), Some("reply+1.2@bsp.example"));
    assert!(mail.bcc().is_none());
    let raw = |name: &str| {
        mail.headers_raw().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    assert_eq!(raw("Auto-Submitted"), Some("auto-generated"));
    assert_eq!(raw("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    assert_eq!(raw("List-Unsubscribe"), Some("<https://sblocco.example/v1/mail/unsubscribe/x>"));
    assert_eq!(raw("Content-Language"), Some("it"));
    let text = mail.body_text(0).unwrap();
    assert!(text.starts_with("Perché è così.") && text.lines().any(|line| line == "."), "{text}");
    assert!(mail.body_html(0).unwrap().contains("<p>Perché è così.</p>"));
    // What we send is what we would know as a program's, should it come back.
    assert!(crate::read(&taken[0].bytes).unwrap().is_automatic);
}

#[tokio::test]
async fn what_the_server_says_decides_whether_it_is_offered_again() {
    let server = TestServer::start().await;
    let transport = SmtpTransport::new(&server.server()).unwrap();
    for (code, transient, bounce) in [(450, true, false), (550, false, true), (552, false, false), (535, true, false)] {
        server.answer("zoe@client.example", code);
        let error = transport.send(&message("zoe@client.example")).await.unwrap_err();
        assert_eq!((error.is_transient(), error.is_bounce()), (transient, bounce), "{code}: {error}");
        assert!(!error.to_string().contains("zoe"));
    }
    server.answer("zoe@client.example", 250);
    transport.send(&message("zoe@client.example")).await.unwrap();
    server.silent_after(Some(2));
    assert_eq!(transport.send(&message("zoe@client.example")).await, Err(SendError::Unreachable));
    drop(server);
    assert_eq!(transport.send(&message("zoe@client.example")).await, Err(SendError::Unreachable));
    assert_eq!(transport.send(&message("no address")).await, Err(SendError::Address));
}

#[tokio::test]
async fn a_server_without_tls_gets_no_mail_when_tls_is_wanted() {
    let server = TestServer::start().await;
    let strict = Server { tls: Tls::StartTls, ..server.server() };
    let transport = SmtpTransport::new(&strict).unwrap();
    assert!(transport.send(&message("zoe@client.example")).await.is_err());
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn a_folder_keeps_one_file_for_each_message_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("mail");
    let transport = FileTransport::new(&place);
    for _ in 0..2 {
        transport.send(&message("zoe@client.example")).await.unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["dlv-1-bsp-example.eml"]);
    let bytes = std::fs::read(place.join("dlv-1-bsp-example.eml")).unwrap();
    assert_eq!(MessageParser::default().parse(&bytes).unwrap().subject(), Some("[T-00000001] È bloccato"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
