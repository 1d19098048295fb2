//! A letter: what a mail says, before it has a form. The same content becomes text and HTML.

use domain::Instant;
use i18n::{Args, Lang, text};
use jiff::tz::TimeZone;

use crate::html;

/// What all letters of a deployment have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// By what name the sender is known.
    pub sender: String,
    /// Address of the web application that people use, without a slash at its end; absent, letters hold no links but codes.
    pub portal: Option<String>,
}

/// Whom a letter is for.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    pub(crate) lang: Lang,
    pub(crate) zone: &'a TimeZone,
    pub(crate) site: &'a Site,
}

impl Reader<'_> {
    /// A text of the reader's language; every text may name the sender.
    pub(crate) fn say(&self, key: &str, args: Args) -> String {
        text(self.lang, key, &args.text("sender", self.site.sender.as_str()))
    }

    /// A paragraph.
    pub(crate) fn paragraph(&self, key: &str, args: Args) -> Block {
        Block::Text(self.say(key, args))
    }

    /// A paragraph without facts.
    pub(crate) fn plain(&self, key: &str) -> Block {
        self.paragraph(key, Args::new())
    }

    /// A paragraph with one name in it.
    pub(crate) fn named(&self, key: &str, name: &'static str, value: &str) -> Block {
        self.paragraph(key, Args::new().text(name, value))
    }

    /// A paragraph with one instant in it.
    pub(crate) fn dated(&self, key: &str, name: &'static str, at: Instant) -> Block {
        self.paragraph(key, Args::new().moment(name, at, self.zone.clone()))
    }

    /// A place of the web application, when there is one, under a name.
    pub(crate) fn link(&self, key: &str, path: &str) -> Option<Block> {
        self.site.portal.as_ref().map(|portal| Block::Link(self.say(key, Args::new()), format!("{portal}/{path}")))
    }
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// What somebody wrote.
    Quote(String),
    /// Something to be copied.
    Code(String),
    /// Lines of a list.
    List(Vec<String>),
    /// A place to go to: what it is called, and its address.
    Link(String, String),
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// The body.
    pub blocks: Vec<Block>,
    /// Below the body, small.
    pub footer: Vec<Block>,
    /// In which language.
    pub lang: Lang,
}

impl Letter {
    /// Says that the letter can be answered, and where the answer goes: above the mark, below which nothing is read.
    #[must_use]
    pub fn answerable(mut self) -> Self {
        self.blocks.insert(0, Block::Text(text(self.lang, "mail-reply-above", &Args::new())));
        self.footer.push(Block::Text(text(self.lang, "mail-footer-ticket", &Args::new())));
        self
    }

    /// Says where letters of its kind can be turned off.
    #[must_use]
    pub fn unsubscribable(mut self, address: &str) -> Self {
        let label = text(self.lang, "mail-footer-unsubscribe", &Args::new());
        self.footer.push(Block::Link(label.trim_end_matches(':').to_owned(), address.to_owned()));
        self
    }

    /// The body as plain text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for block in &self.blocks {
            push_text(&mut text, block);
        }
        // The mark by which programs know where a signature begins.
        text.push_str("-- \n");
        for block in &self.footer {
            push_text(&mut text, block);
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// The body as HTML.
    pub fn html(&self) -> String {
        html::page(self)
    }
}

fn push_text(text: &mut String, block: &Block) {
    match block {
        Block::Text(paragraph) => text.push_str(paragraph),
        Block::Quote(words) => {
            let lines: Vec<String> = words.lines().map(|line| format!("> {line}")).collect();
            text.push_str(&lines.join("\n"));
        }
        Block::Code(code) => {
            text.push_str("    ");
            text.push_str(code);
        }
        Block::List(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
            text.push_str(&lines.join("\n"));
        }
        Block::Link(label, address) => {
            text.push_str(label);
            text.push_str(":\n");
            text.push_str(address);
        }
    }
    text.push_str("\n\n");
}
