//! Mails as programs write them.

use super::*;

fn mail(headers: &str, body: &str) -> Vec<u8> {
    format!("Message-ID: <1@client.example>\r\nFrom: Zoe <Zoe@Client.Example>\r\nTo: <reply+x@bsp.example>\r\n{headers}\r\n{body}")
        .into_bytes()
}

#[test]
fn a_plain_reply_is_read() {
    let bytes = mail("Cc: Other <o@x.example>\r\nContent-Type: text/plain; charset=utf-8\r\n", "È fatto.\r\n> alt\r\n");
    let read = read(&bytes).unwrap();
    assert_eq!(read.id.as_deref(), Some("1@client.example"));
    assert_eq!(read.from.as_deref(), Some("zoe@client.example"));
    assert_eq!(read.to, ["reply+x@bsp.example", "o@x.example"]);
    assert_eq!(read.text, "È fatto.");
    assert!(!read.is_automatic && read.files.is_empty() && read.bounce.is_none());
    assert!(!format!("{read:?}").contains("fatto"));
}

#[test]
fn html_alone_becomes_text_without_what_runs_or_hides() {
    let html = "<html><head><style>p{}</style><script>steal()</script></head><body><p>Fatto &amp; spedito</p><!-- x --><img src=\"https://t.example/p.gif\" onerror=\"y()\"></body></html>";
    let read = read(&mail("Content-Type: text/html; charset=utf-8\r\n", html)).unwrap();
    assert_eq!(read.text, "Fatto & spedito");
}

#[test]
fn files_are_taken_with_names_that_are_only_names() {
    let body = "--b\r\nContent-Type: text/plain\r\n\r\nSee the file\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"../../etc/pa\u{7}sswd.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n";
    let read = read(&mail("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", body)).unwrap();
    assert_eq!(read.text, "See the file");
    assert_eq!(read.files.len(), 1);
    assert_eq!((read.files[0].media_type.as_str(), &read.files[0].bytes[..]), ("application/pdf", &b"%PDF"[..]));
    assert!(!read.files[0].name.contains('\u{7}'));
}

#[test]
fn of_a_bomb_of_files_some_are_looked_at_and_the_rest_are_counted() {
    let file =
        "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=f.pdf\r\n\r\n%PDF\r\n";
    let body = format!("--b\r\nContent-Type: text/plain\r\n\r\nSee\r\n{}--b--\r\n", file.repeat(5_000));
    let read = read(&mail("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", &body)).unwrap();
    assert_eq!((read.files.len(), read.more_files), (MOST_FILES, 5_000 - MOST_FILES));
    assert_eq!(read.text, "See");
}

#[test]
fn programs_are_told_from_people() {
    for header in [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated (vacation)\r\n",
        "Precedence: bulk\r\n",
        "X-Loop: anything\r\n",
        "X-Autoreply: yes\r\n",
        "List-Id: <news.client.example>\r\n",
        "Return-Path: <>\r\n",
    ] {
        assert!(read(&mail(header, "I am away")).unwrap().is_automatic, "{header}");
    }
    for header in ["Auto-Submitted: no\r\n", "Precedence: normal\r\n", "Return-Path: <zoe@client.example>\r\n"] {
        assert!(!read(&mail(header, "I am here")).unwrap().is_automatic, "{header}");
    }
    let daemon = b"From: MAILER-DAEMON@x.example\r\nTo: a@b.example\r\n\r\nUndelivered".to_vec();
    assert!(read(&daemon).unwrap().is_automatic);
}

#[test]
fn a_mail_of_several_senders_or_none_is_nobodys() {
    assert_eq!(read(b"From: a@x.example, b@x.example\r\nTo: c@y.example\r\n\r\nHi").unwrap().from, None);
    assert_eq!(read(b"To: c@y.example\r\n\r\nHi").unwrap().from, None);
    assert_eq!(read(b""), Err(Unreadable));
}

#[test]
fn a_report_says_which_mail_did_not_arrive_and_whether_for_good() {
    let report = |status: &str, action: &str| {
        let body = format!(
            "--r\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.example\r\n\r\nFinal-Recipient: rfc822; Gone@X.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <dlv_1@bsp.example>\r\nSubject: x\r\n\r\n--r--\r\n"
        );
        let kind = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n";
        read(&mail(kind, &body)).unwrap()
    };
    let gone = report("5.1.1", "failed");
    let expected = Bounce {
        recipient: Some("gone@x.example".to_owned()),
        original: Some("dlv_1@bsp.example".to_owned()),
        is_permanent: true,
    };
    assert_eq!((gone.bounce, gone.is_automatic), (Some(expected), true));
    assert!(!report("4.2.2", "delayed").bounce.unwrap().is_permanent);
    assert!(!report("4.4.7", "failed").bounce.unwrap().is_permanent);
}

#[test]
fn whatever_bytes_come_nothing_breaks() {
    let good = mail("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", "--b\r\n\r\nx\r\n--b--");
    for end in 0..good.len() {
        let _ = read(&good[..end]);
        let mut torn = good.clone();
        torn[end] ^= 0x55;
        let _ = read(&torn);
    }
    let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(2_000);
    let _ = read(nested.as_bytes());
}
