//! Words, numbers, amounts and variables of a text, with their places.
//!
//! Sentences are told apart, for a phrase does not run over a full stop. Letters and digits are told apart too (`2x1` is
//! three tokens), and apostrophes and hyphens separate (`l'offerta` is two): terms of the lexicons are taken apart in the
//! same way.

use std::ops::Range;

use super::{Part, fold};

/// No word of the lexicons.
pub(in crate::lint) const NO_WORD: u32 = u32::MAX;

/// Signs and words that make a number an amount of money. `pounds` and `lira` are weights and proper names too often.
const CURRENCY_SIGNS: &str = "€$£¥₹₽₺₩₴₦";
const CURRENCIES: [&str; 13] =
    ["euro", "euros", "eur", "usd", "gbp", "chf", "inr", "dollars", "dollari", "quid", "sterline", "franchi", "rupees"];

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Kind {
    Word,
    Number,
    Percent,
    /// A percentage with a minus: a discount.
    MinusPercent,
    /// A number with a currency.
    Price,
    Variable,
    /// A link or an address of e-mail.
    Link,
    /// The end of a sentence or of a part.
    End,
}

/// A token.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Token {
    pub(in crate::lint) kind: Kind,
    /// Its folded letters, in [`Tokens::letters`].
    letters: Range<u32>,
    /// Its bytes in the part's text.
    pub(in crate::lint) bytes: Range<u32>,
    /// The part it stands in.
    pub(in crate::lint) part: u32,
    /// The sentence it stands in, counted over all parts.
    pub(in crate::lint) sentence: u32,
}

/// The tokens of all parts.
#[derive(Debug, Default)]
pub(in crate::lint) struct Tokens {
    letters: String,
    pub(in crate::lint) list: Vec<Token>,
    sentence: u32,
}

/// The folded words of a term of a lexicon or of a name.
pub(in crate::lint) fn words_of(text: &str) -> Vec<String> {
    let mut tokens = Tokens::default();
    tokens.scan(0, text, &[], &[]);
    let words = tokens.list.iter().filter(|token| token.kind != Kind::End);
    words.map(|token| tokens.text(token).to_owned()).collect()
}

impl Tokens {
    /// The folded letters of a token.
    pub(in crate::lint) fn text(&self, token: &Token) -> &str {
        self.letters.get(token.letters.start as usize..token.letters.end as usize).unwrap_or_default()
    }

    /// Adds the tokens of a part, and an end behind them.
    pub(super) fn add(&mut self, place: usize, part: &Part<'_>) {
        let variables: Vec<Range<usize>> = part.variables.iter().map(|variable| variable.bytes.clone()).collect();
        let links: Vec<Range<usize>> = part.links.iter().map(|link| link.bytes.clone()).collect();
        self.scan(place as u32, part.text, &variables, &links);
        self.end(place as u32, part.text.len());
    }

    fn scan(&mut self, part: u32, text: &str, variables: &[Range<usize>], links: &[Range<usize>]) {
        let (mut variables, mut links) = (variables.iter().peekable(), links.iter().peekable());
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            if let Some(link) = links.next_if(|link| link.start <= at) {
                self.push(Kind::Link, part, at..link.end);
                at = link.end.max(at + first.len_utf8());
                while variables.next_if(|variable| variable.start < at).is_some() {}
            } else if let Some(variable) = variables.next_if(|variable| variable.start <= at) {
                self.push(Kind::Variable, part, variable.clone());
                at = variable.end;
                self.priced(text);
            } else if first.is_numeric() {
                at = self.number(part, text, at);
            } else if first.is_alphabetic() {
                at = self.word(part, text, at);
            } else {
                self.sign(part, text, at, first);
                at += first.len_utf8();
            }
        }
    }

    fn word(&mut self, part: u32, text: &str, start: usize) -> usize {
        let letters = self.letters.len() as u32;
        let mut end = start;
        for character in text[start..].chars() {
            if fold::continues(character) {
                // Letters alone make the word.
            } else if character.is_alphabetic() && !character.is_numeric() {
                fold::push(&mut self.letters, character);
            } else {
                break;
            }
            end += character.len_utf8();
        }
        let folded = letters..self.letters.len() as u32;
        let is_currency = CURRENCIES.contains(&self.letters.get(letters as usize..).unwrap_or_default());
        if !is_currency || !self.merge_amount(part, start..end) {
            let token = Token {
                kind: Kind::Word,
                letters: folded,
                bytes: start as u32..end as u32,
                part,
                sentence: self.sentence,
            };
            self.list.push(token);
        }
        // An address of e-mail is no two words.
        if text[end..].starts_with('@') { self.address(part, text, end) } else { end }
    }

    fn address(&mut self, part: u32, text: &str, at: usize) -> usize {
        let rest = &text[at..];
        let end = at + rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.push(Kind::Link, part, at..end);
        end
    }

    fn number(&mut self, part: u32, text: &str, start: usize) -> usize {
        let letters = self.letters.len() as u32;
        let mut end = start;
        let mut characters = text[start..].chars().peekable();
        while let Some(character) = characters.next() {
            let within = matches!(character, '.' | ',' | ':' | '\'')
                && characters.peek().is_some_and(|next| next.is_numeric())
                && end > start;
            if character.is_numeric() || within {
                fold::push(&mut self.letters, character);
            } else if !fold::continues(character) && character != '\u{20e3}' {
                break;
            }
            end += character.len_utf8();
        }
        let before = text[..start].chars().next_back();
        let pending = before.is_some_and(|sign| CURRENCY_SIGNS.contains(sign))
            || before == Some(' ') && text[..start].trim_end().ends_with(|sign| CURRENCY_SIGNS.contains(sign));
        let kind = if pending { Kind::Price } else { Kind::Number };
        let token = Token {
            kind,
            letters: letters..self.letters.len() as u32,
            bytes: start as u32..end as u32,
            part,
            sentence: self.sentence,
        };
        self.list.push(token);
        end
    }

    /// A variable behind a sign of currency is an amount.
    fn priced(&mut self, text: &str) {
        let Some(token) = self.list.last_mut() else { return };
        let before = text[..token.bytes.start as usize].trim_end_matches(' ');
        if before.ends_with(|sign| CURRENCY_SIGNS.contains(sign)) {
            token.kind = Kind::Price;
        }
    }

    fn sign(&mut self, part: u32, text: &str, at: usize, sign: char) {
        let end = at + sign.len_utf8();
        match sign {
            '%' | '٪' | '％' => self.percent(part, text, at..end),
            '+' => {
                let digit = |character: Option<char>| character.is_some_and(char::is_numeric);
                if digit(text[..at].chars().next_back()) && digit(text[end..].chars().next()) {
                    self.letters.push('+');
                    let letters = self.letters.len() as u32;
                    let token = Token {
                        kind: Kind::Word,
                        letters: letters - 1..letters,
                        bytes: at as u32..end as u32,
                        part,
                        sentence: self.sentence,
                    };
                    self.list.push(token);
                }
            }
            '.' | '!' | '?' | ';' | '\n' | '…' | '•' | '|' | '。' => self.end(part, at),
            _ if CURRENCY_SIGNS.contains(sign) => {
                self.merge_amount(part, at..end);
            }
            _ => {}
        }
    }

    /// Makes the number or variable before a currency an amount.
    fn merge_amount(&mut self, part: u32, currency: Range<usize>) -> bool {
        let Some(token) = self.list.last_mut() else { return false };
        let near = currency.start.saturating_sub(token.bytes.end as usize) <= 1;
        if token.part != part || !near || !matches!(token.kind, Kind::Number | Kind::Variable | Kind::Price) {
            return false;
        }
        token.kind = Kind::Price;
        token.bytes.end = currency.end as u32;
        true
    }

    fn percent(&mut self, part: u32, text: &str, sign: Range<usize>) {
        let Some(token) = self.list.last_mut() else { return };
        let near = sign.start.saturating_sub(token.bytes.end as usize) <= 1;
        if token.part != part || !near || !matches!(token.kind, Kind::Number | Kind::Variable) {
            return;
        }
        let before = text[..token.bytes.start as usize].trim_end_matches(' ');
        let unsigned = before.trim_end_matches(['-', '\u{2212}', '\u{2013}']);
        let is_range = unsigned.ends_with(|last: char| last.is_alphanumeric() || last == '%');
        token.kind = if unsigned.len() < before.len() && !is_range { Kind::MinusPercent } else { Kind::Percent };
        token.bytes.end = sign.end as u32;
    }

    fn end(&mut self, part: u32, at: usize) {
        if self.list.last().is_none_or(|token| token.kind != Kind::End || token.part != part) {
            self.push(Kind::End, part, at..at);
            self.sentence += 1;
        }
    }

    fn push(&mut self, kind: Kind, part: u32, bytes: Range<usize>) {
        let none = self.letters.len() as u32;
        let bytes = bytes.start as u32..bytes.end as u32;
        self.list.push(Token { kind, letters: none..none, bytes, part, sentence: self.sentence });
    }
}

#[cfg(test)]
mod tests {
    use domain::traffic::TemplateContent;

    use super::{super::Texts, *};

    fn told(body: &str) -> Vec<String> {
        let template = TemplateContent { body: Some(body.to_owned()), ..TemplateContent::default() };
        let texts = Texts::of(&template);
        let tokens = &texts.tokens;
        let tell = |token: &Token| match token.kind {
            Kind::Word | Kind::Number => tokens.text(token).to_owned(),
            kind => format!("{kind:?}"),
        };
        tokens.list.iter().map(tell).collect()
    }

    #[test]
    fn letters_lose_case_accents_and_typography() {
        assert_eq!(told("È PIÙ 𝐒𝐂𝐎𝐍𝐓𝐎 Ⓢale"), ["e", "piu", "sconto", "sale", "End"]);
        assert_eq!(
            told("l'offerta opt-out don’t *bold*_it_"),
            ["l", "offerta", "opt", "out", "don", "t", "bold", "it", "End"]
        );
    }

    #[test]
    fn amounts_and_shares_are_one_token() {
        assert_eq!(
            told("a 9,90 € o €20, o 15 euro, o {{1}} €, o € {{2}}"),
            ["a", "Price", "o", "Price", "o", "Price", "o", "Price", "o", "Price", "End"]
        );
        assert_eq!(
            told("-20% e 20 % e {{1}}% e 10-20%"),
            ["MinusPercent", "e", "Percent", "e", "Percent", "e", "10", "Percent", "End"]
        );
        assert_eq!(told("2x1 1+1 12:30 3.000"), ["2", "x", "1", "1", "+", "1", "12:30", "3.000", "End"]);
    }

    #[test]
    fn sentences_end_and_links_are_no_words() {
        assert_eq!(
            told("Ciao! Sei {{1}}?\n\nhttps://aurora.it/sale a@b.it"),
            ["ciao", "End", "sei", "Variable", "End", "Link", "a", "Link", "End"]
        );
    }

    #[test]
    fn a_term_is_taken_apart_like_a_text() {
        assert_eq!(words_of("AK-47 l'età 2x1"), ["ak", "47", "l", "eta", "2", "x", "1"]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "È un 𝐒conto";
        let template = TemplateContent { body: Some(text.to_owned()), ..TemplateContent::default() };
        let texts = Texts::of(&template);
        let token = &texts.tokens.list[2];
        let bytes = token.bytes.start as usize..token.bytes.end as usize;
        assert_eq!(&text[bytes.clone()], "𝐒conto");
        assert_eq!(texts.parts[0].span(&bytes), domain::traffic::Span { start: 5, end: 11 });
    }
}
