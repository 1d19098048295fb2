//! The syntax of terms; `crates/audit/data/lexicon/README.md` explains it.

use std::collections::HashMap;

use super::super::text::{Kind, words_of};

/// Most patterns that one term may stand for.
const MOST: usize = 512;

/// A class of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A number, or a variable that may be one.
    Number,
    Percent,
    MinusPercent,
    Price,
    Variable,
}

impl Class {
    pub(super) const COUNT: usize = 5;
    pub(super) const ALL: [Self; Self::COUNT] =
        [Self::Number, Self::Percent, Self::MinusPercent, Self::Price, Self::Variable];

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "percent" => Self::Percent,
            "minus-percent" => Self::MinusPercent,
            "price" => Self::Price,
            "variable" => Self::Variable,
            _ => return None,
        })
    }

    pub(super) fn holds(self, kind: Kind) -> bool {
        match self {
            Self::Number => matches!(kind, Kind::Number | Kind::Variable),
            Self::Percent => matches!(kind, Kind::Percent | Kind::MinusPercent),
            Self::MinusPercent => kind == Kind::MinusPercent,
            Self::Price => kind == Kind::Price,
            Self::Variable => kind == Kind::Variable,
        }
    }
}

/// What one token may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// A word of the vocabulary.
    Word(u32),
    /// A word that begins so.
    Prefix(Box<str>),
    Class(Class),
}

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Element {
    /// One token that is one of these.
    One(Box<[Choice]>),
    /// Up to so many tokens of the same sentence.
    Gap(u8),
}

/// Alternatives before words have numbers.
#[derive(Debug, Clone)]
enum Piece {
    Gap(u8),
    One(Vec<Text>),
}

#[derive(Debug, Clone)]
enum Text {
    Word(String),
    Prefix(String),
    Class(Class),
}

/// The lists of words that a file has named.
pub(super) type Macros = HashMap<String, Vec<String>>;

/// All ways in which a term can be matched.
pub(super) fn expand(
    term: &str,
    macros: &Macros,
    word: &mut impl FnMut(&str) -> u32,
) -> Result<Vec<Box<[Element]>>, &'static str> {
    let mut ways: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in term.split_whitespace() {
        let options = options(piece, macros)?;
        if ways.len() * options.len() > MOST {
            return Err("stands for too many patterns");
        }
        ways = ways
            .iter()
            .flat_map(|way| options.iter().map(move |option| way.iter().chain(option).cloned().collect()))
            .collect();
    }
    ways.retain(|way| !way.is_empty());
    ways.iter().map(|way| elements(way, word)).collect()
}

fn elements(way: &[Piece], word: &mut impl FnMut(&str) -> u32) -> Result<Box<[Element]>, &'static str> {
    if matches!(way.first(), None | Some(Piece::Gap(_))) || matches!(way.last(), Some(Piece::Gap(_))) {
        return Err("begins or ends with a gap, or matches nothing");
    }
    let mut choice = |text: &Text| match text {
        Text::Word(text) => Choice::Word(word(text)),
        Text::Prefix(text) => Choice::Prefix(text.as_str().into()),
        Text::Class(class) => Choice::Class(*class),
    };
    let element = |piece: &Piece| match piece {
        Piece::Gap(most) => Element::Gap(*most),
        Piece::One(texts) => Element::One(texts.iter().map(&mut choice).collect()),
    };
    Ok(way.iter().map(element).collect())
}

/// What one piece of a term may be; each option is a row of pieces.
fn options(piece: &str, macros: &Macros) -> Result<Vec<Vec<Piece>>, &'static str> {
    match piece {
        ".." => return Ok(vec![vec![Piece::Gap(3)]]),
        "..." => return Ok(vec![vec![Piece::Gap(8)]]),
        _ => {}
    }
    let (piece, is_optional) = piece.strip_suffix('?').map_or((piece, false), |piece| (piece, true));
    let (mut single, mut options) = (Vec::new(), Vec::new());
    for alternative in piece.split('|') {
        for text in alternative_texts(alternative, macros)? {
            match text.as_slice() {
                [] => return Err("has an empty alternative"),
                [one] => single.push(one.clone()),
                several => options.push(several.iter().map(|text| Piece::One(vec![text.clone()])).collect()),
            }
        }
    }
    if !single.is_empty() {
        options.push(vec![Piece::One(single)]);
    }
    if is_optional {
        options.push(Vec::new());
    }
    Ok(options)
}

/// The words of each thing that an alternative stands for.
fn alternative_texts(alternative: &str, macros: &Macros) -> Result<Vec<Vec<Text>>, &'static str> {
    if let Some(name) = alternative.strip_prefix('@') {
        let list = macros.get(name).ok_or("names a list that is not there")?;
        return list.iter().map(|word| texts(word)).collect();
    }
    if let Some(name) = alternative.strip_prefix('<') {
        let class = name.strip_suffix('>').and_then(Class::named).ok_or("names a class that is not there")?;
        return Ok(vec![vec![Text::Class(class)]]);
    }
    braces(alternative)?.iter().map(|word| texts(word)).collect()
}

fn texts(word: &str) -> Result<Vec<Text>, &'static str> {
    let (stem, is_prefix) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
    let mut texts: Vec<Text> = words_of(stem).into_iter().map(Text::Word).collect();
    if is_prefix {
        match texts.pop() {
            Some(Text::Word(stem)) if stem.len() >= 3 => texts.push(Text::Prefix(stem)),
            _ => return Err("has a beginning of fewer than three letters"),
        }
    }
    if texts.is_empty() { Err("has an alternative without a word") } else { Ok(texts) }
}

/// `a{b,c}d` → `abd`, `acd`.
fn braces(text: &str) -> Result<Vec<String>, &'static str> {
    let Some((before, rest)) = text.split_once('{') else {
        return if text.contains('}') { Err("closes a brace that is not open") } else { Ok(vec![text.to_owned()]) };
    };
    let (inside, after) = rest.split_once('}').ok_or("leaves a brace open")?;
    let after = braces(after)?;
    Ok(inside.split(',').flat_map(|middle| after.iter().map(move |after| format!("{before}{middle}{after}"))).collect())
}
