//! A letter as HTML: one column, styles inline, no picture and nothing that is fetched. Whatever people wrote is escaped.

use std::fmt::Write as _;

use crate::letter::{Block, Letter};

const HEAD: &str = "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
<meta name=\"color-scheme\" content=\"light dark\">";
const BODY: &str = "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;margin:0;padding:24px";
const COLUMN: &str = "max-width:600px;margin:0 auto";
const QUOTE: &str = "margin:0 0 16px;padding:4px 16px;border-left:4px solid #8a8f98;white-space:pre-line";
const CODE: &str = "font:20px/1.5 ui-monospace,Menlo,Consolas,monospace;letter-spacing:1px;word-break:break-all";
const BUTTON: &str = "display:inline-block;padding:10px 18px;border-radius:6px;background:#0b5fff;color:#ffffff;\
text-decoration:none";
const FOOTER: &str = "font-size:13px;color:#6b7280;border-top:1px solid #8a8f98;margin-top:24px;padding-top:12px";

/// The whole document.
pub(crate) fn page(letter: &Letter) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><head>{HEAD}<title>{}</title></head><body style=\"{BODY}\"><div style=\"{COLUMN}\">",
        letter.lang,
        escaped(&letter.subject)
    );
    for block in &letter.blocks {
        push(&mut html, block, true);
    }
    let _ = write!(html, "<div style=\"{FOOTER}\">");
    for block in &letter.footer {
        push(&mut html, block, false);
    }
    html.push_str("</div></div></body></html>\n");
    html
}

fn push(html: &mut String, block: &Block, as_button: bool) {
    // Writing to a text never fails.
    let _ = match block {
        Block::Text(text) => writeln!(html, "<p>{}</p>", escaped(text)),
        Block::Quote(words) => writeln!(html, "<blockquote style=\"{QUOTE}\">{}</blockquote>", escaped(words)),
        Block::Code(code) => writeln!(html, "<p style=\"{CODE}\">{}</p>", escaped(code)),
        Block::List(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
            writeln!(html, "<ul>{}</ul>", lines.concat())
        }
        Block::Link(label, address) if as_button => {
            writeln!(html, "<p><a style=\"{BUTTON}\" href=\"{}\">{}</a></p>", escaped(address), escaped(label))
        }
        Block::Link(label, address) => {
            writeln!(html, "<p>{} <a href=\"{1}\">{1}</a></p>", escaped(label), escaped(address))
        }
    };
}

/// Text that is only text in HTML, also between quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use i18n::Lang;

    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        let evil = "<script>alert('1')</script>\n\"&\"".to_owned();
        let letter = Letter {
            subject: evil.clone(),
            blocks: vec![Block::Text(evil.clone()), Block::Quote(evil.clone()), Block::Link(evil.clone(), evil)],
            footer: Vec::new(),
            lang: Lang::It,
        };
        let html = letter.html();
        assert!(!html.contains("<script") && !html.contains("alert('"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)"), "{html}");
        assert!(html.starts_with("<!doctype html><html lang=\"it\">"));
        assert!(letter.text().contains("> <script>alert('1')</script>\n> \"&\""));
    }
}
