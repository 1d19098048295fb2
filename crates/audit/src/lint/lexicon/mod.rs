//! The lexicons: which words betray what. Data files of `crates/audit/data/lexicon`, compiled in and read once.
//!
//! Terms have gaps, classes (a number, an amount, a variable) and excuses that plain string matching knows nothing of, so
//! they are matched over words: one look-up a word finds the terms that begin there, and their number does not matter.

mod matching;
mod parse;
mod term;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::LazyLock};

pub(super) use matching::{Found, Hit};
use term::{Choice, Class, Element};

use super::text::NO_WORD;

/// What words can betray: a section of the data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Topic {
    Promotion,
    Discount,
    Urgency,
    Shop,
    Reference,
    OptOut,
    Code,
    Sensitive,
    Weapons,
    Drugs,
    Tobacco,
    Adult,
    Animals,
    BodyParts,
    Gambling,
    Counterfeit,
    Finance,
    Dating,
    Mlm,
    Political,
    Supplements,
    FakeMoney,
    Illegal,
    Scam,
    Alcohol,
    Otc,
    Games,
    OptIn,
    Messages,
}

impl Topic {
    const ALL: [(Self, &'static str); 29] = [
        (Self::Promotion, "promotion"),
        (Self::Discount, "discount"),
        (Self::Urgency, "urgency"),
        (Self::Shop, "shop"),
        (Self::Reference, "reference"),
        (Self::OptOut, "opt-out"),
        (Self::Code, "code"),
        (Self::Sensitive, "sensitive"),
        (Self::Weapons, "weapons"),
        (Self::Drugs, "drugs"),
        (Self::Tobacco, "tobacco"),
        (Self::Adult, "adult"),
        (Self::Animals, "animals"),
        (Self::BodyParts, "body-parts"),
        (Self::Gambling, "gambling"),
        (Self::Counterfeit, "counterfeit"),
        (Self::Finance, "finance"),
        (Self::Dating, "dating"),
        (Self::Mlm, "mlm"),
        (Self::Political, "political"),
        (Self::Supplements, "supplements"),
        (Self::FakeMoney, "fake-money"),
        (Self::Illegal, "illegal"),
        (Self::Scam, "scam"),
        (Self::Alcohol, "alcohol"),
        (Self::Otc, "otc"),
        (Self::Games, "games"),
        (Self::OptIn, "opt-in"),
        (Self::Messages, "messages"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(topic, _)| *topic)
    }
}

/// What a term does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// One match is a hit.
    Strong,
    /// Two different ones are.
    Weak,
    /// Terms that it overlaps do not count.
    Exclusion,
    /// Terms in the same sentence do not count.
    SentenceExcuse,
    /// Terms of the topic do not count at all.
    Excuse,
}

/// One way to match a term.
#[derive(Debug)]
struct Pattern {
    topic: Topic,
    role: Role,
    /// The line that it comes from: several patterns may be the same term.
    term: u32,
    elements: Box<[Element]>,
}

/// All terms for templates of one language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashMap<Box<str>, u32, foldhash::fast::FixedState>,
    /// Patterns that begin with a word, by word.
    by_word: Vec<Vec<u32>>,
    /// Patterns that begin with the beginning of a word.
    by_prefix: Vec<(Box<str>, u32)>,
    /// Patterns that begin with a class, by class.
    by_class: [Vec<u32>; Class::COUNT],
    patterns: Vec<Pattern>,
    terms: u32,
    has_language: bool,
}

const ANY: &str = include_str!("../../../data/lexicon/any.txt");
const ITALIAN: &str = include_str!("../../../data/lexicon/it.txt");
const ENGLISH: &str = include_str!("../../../data/lexicon/en.txt");

static FOR_ITALIAN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(&[ANY, ITALIAN]).0);
static FOR_ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(&[ANY, ENGLISH]).0);
static FOR_OTHERS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(&[ANY]).0);

impl Lexicon {
    /// The lexicon for a language code as Meta writes it (`it`, `en_US`). For languages without one of their own it holds
    /// international terms alone.
    pub(super) fn of(language: &str) -> &'static Self {
        match language.split(['_', '-']).next().map(str::to_ascii_lowercase).as_deref() {
            Some("it") => &FOR_ITALIAN,
            Some("en") => &FOR_ENGLISH,
            _ => &FOR_OTHERS,
        }
    }

    /// Whether the language has a lexicon of its own.
    pub(super) fn has_language(&self) -> bool {
        self.has_language
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(id) = self.words.get(word) {
            return *id;
        }
        let id = self.words.len() as u32;
        self.words.insert(word.into(), id);
        self.by_word.push(Vec::new());
        id
    }

    fn word_id(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(NO_WORD)
    }

    /// Keeps a pattern, to be found by each way in which it can begin.
    fn keep(&mut self, pattern: Pattern) {
        let id = self.patterns.len() as u32;
        if let Some(Element::One(choices)) = pattern.elements.first() {
            for choice in choices {
                match choice {
                    Choice::Word(word) => self.by_word[*word as usize].push(id),
                    Choice::Prefix(prefix) => self.by_prefix.push((prefix.clone(), id)),
                    Choice::Class(class) => self.by_class[*class as usize].push(id),
                }
            }
        }
        self.patterns.push(pattern);
    }
}
