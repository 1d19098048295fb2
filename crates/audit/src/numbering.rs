//! What a telephone number tells by itself: its country, whether numbers of that length exist there, and whether it is
//! surely a fixed line.
//!
//! Read from `data/numbering-plans.txt` by the longest prefix. No number is looked up anywhere, and nothing is said of whether
//! it is in use: a number that passes may still not exist.

use std::sync::LazyLock;

/// A country of the numbering plans; [`Country::UNKNOWN`] for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Country(u16);

impl Country {
    /// No country: a shared code, a number without a known code, no number at all.
    pub(crate) const UNKNOWN: Self = Self(0);

    /// Dense index, 0 for none.
    pub(crate) fn index(self) -> u32 {
        self.0.into()
    }

    /// ISO 3166 code of the country with this index; `None` for none.
    pub(crate) fn code_of(index: usize) -> Option<&'static str> {
        PLANS.regions.get(index.checked_sub(1)?).copied()
    }

    /// The country with this ISO 3166 code.
    pub(crate) fn of_code(code: &str) -> Self {
        let position = PLANS.regions.iter().position(|region| *region == code);
        position.map_or(Self::UNKNOWN, |position| Self(position as u16 + 1))
    }
}

/// What a recipient's own characters tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// Its country.
    pub(crate) country: Country,
    /// A number whose code is assigned to nobody, or that is longer or shorter than any number of its country.
    pub(crate) is_impossible: bool,
    /// A number that is surely a fixed line.
    pub(crate) is_fixed_line: bool,
}

impl Facts {
    /// Of a recipient as in the exchange formats: digits, or a business-scoped user id, which begins with its country.
    pub(crate) fn of(recipient: &[u8]) -> Self {
        match recipient {
            [] => Self::default(),
            [first, second, b'.', ..] => {
                let code = [*first, *second];
                let country = str::from_utf8(&code).map_or(Country::UNKNOWN, Country::of_code);
                Self { country, ..Self::default() }
            }
            digits => PLANS.facts(digits),
        }
    }
}

/// The plans as a tree of digits.
#[derive(Debug)]
struct Plans {
    nodes: Vec<Node>,
    regions: Vec<&'static str>,
}

/// Absence of a following digit.
const NONE: u16 = 0;

#[derive(Debug, Clone, Default)]
struct Node {
    /// By digit, the node that follows.
    next: [u16; 10],
    /// What a line of the data says of this prefix.
    line: Option<Line>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    country: Country,
    /// Bit n: whole numbers of n digits exist. 0 where the calling code's line says it.
    lengths: u16,
    is_fixed: bool,
}

static PLANS: LazyLock<Plans> = LazyLock::new(|| Plans::read(include_str!("../data/numbering-plans.txt")));

impl Plans {
    fn read(data: &'static str) -> Self {
        let mut plans = Self { nodes: vec![Node::default()], regions: Vec::new() };
        for line in data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut columns = line.split(' ');
            let (Some(prefix), Some(region)) = (columns.next(), columns.next()) else { continue };
            let last = columns.next().unwrap_or_default();
            let lengths = last.split('/').filter_map(|length| length.parse::<u32>().ok());
            let lengths = lengths.filter(|length| *length < u16::BITS).fold(0, |bits, length| bits | 1 << length);
            let line = Line { country: plans.country(region), lengths, is_fixed: last == "fixed" };
            let node = plans.node(prefix);
            plans.nodes[node].line = Some(line);
        }
        plans
    }

    fn country(&mut self, region: &'static str) -> Country {
        if region == "-" {
            return Country::UNKNOWN;
        }
        let known = self.regions.iter().position(|other| *other == region);
        let position = known.unwrap_or_else(|| {
            self.regions.push(region);
            self.regions.len() - 1
        });
        Country(position as u16 + 1)
    }

    /// The node of a prefix, made when it is missing.
    fn node(&mut self, prefix: &str) -> usize {
        prefix.bytes().filter(u8::is_ascii_digit).fold(0, |node, digit| {
            let digit = usize::from(digit - b'0');
            if self.nodes[node].next[digit] == NONE {
                self.nodes[node].next[digit] = self.nodes.len() as u16;
                self.nodes.push(Node::default());
            }
            self.nodes[node].next[digit].into()
        })
    }

    fn facts(&self, digits: &[u8]) -> Facts {
        let (mut node, mut lengths, mut found) = (&self.nodes[0], 0, None);
        for digit in digits {
            let Some(next) = node.next.get(usize::from(digit.wrapping_sub(b'0'))).filter(|next| **next != NONE) else {
                break;
            };
            node = &self.nodes[usize::from(*next)];
            if let Some(line) = node.line {
                found = Some(line);
                lengths |= line.lengths;
            }
        }
        let Some(line) = found else { return Facts { is_impossible: true, ..Facts::default() } };
        let exists = u32::try_from(digits.len()).is_ok_and(|length| length < u16::BITS && lengths & 1 << length != 0);
        Facts { country: line.country, is_impossible: !exists, is_fixed_line: exists && line.is_fixed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(recipient: &str) -> Option<&'static str> {
        Country::code_of(Facts::of(recipient.as_bytes()).country.index() as usize)
    }

    fn is_mobile(recipient: &str) -> bool {
        let facts = Facts::of(recipient.as_bytes());
        !facts.is_impossible && !facts.is_fixed_line
    }

    #[test]
    fn every_line_of_the_data_is_understood() {
        let mut codes = 0;
        for line in include_str!("../data/numbering-plans.txt").lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split(' ').collect();
            assert!((2..=3).contains(&columns.len()), "{line}");
            assert!(columns[0].bytes().all(|digit| digit.is_ascii_digit()), "{line}");
            assert!(columns[1] == "-" || columns[1].len() == 2, "{line}");
            if let Some(last) = columns.get(2).filter(|last| **last != "fixed") {
                assert!(last.split('/').all(|length| length.parse::<u8>().is_ok_and(|length| length <= 15)), "{line}");
                codes += 1;
            }
        }
        assert!(codes > 200 && PLANS.nodes.len() < usize::from(u16::MAX));
    }

    #[test]
    fn a_country_is_that_of_the_longest_prefix() {
        assert_eq!(country("393331234567"), Some("IT"));
        assert_eq!(country("447911123456"), Some("GB"));
        assert_eq!(country("12125551234"), Some("US"));
        assert_eq!(country("14165551234"), Some("CA"));
        assert_eq!(country("17875551234"), Some("PR"));
        assert_eq!(country("18765551234"), Some("JM"));
        assert_eq!(country("79161234567"), Some("RU"));
        assert_eq!(country("77011234567"), Some("KZ"));
        assert_eq!(country("41791234567"), Some("CH"));
        assert_eq!(country("870773111632"), None);
        assert_eq!(country(""), None);
    }

    #[test]
    fn a_user_id_begins_with_its_country() {
        assert_eq!(country("IT.1a2b3c4d5e"), Some("IT"));
        assert_eq!(country("US.ENT.9f"), Some("US"));
        assert_eq!(country("ZZ.9f"), None);
        assert!(is_mobile("ZZ.9f"));
    }

    #[test]
    fn impossible_and_fixed_numbers_are_told() {
        for number in ["393331234567", "34612345678", "4915112345678", "447911123456", "33612345678", "12125551234"] {
            assert!(is_mobile(number), "{number}");
        }
        // Italian and British fixed lines, and a Spanish one.
        for number in ["390612345678", "442079460123", "34912345678"] {
            let facts = Facts::of(number.as_bytes());
            assert!(facts.is_fixed_line && !facts.is_impossible, "{number}");
        }
        // Too short for its country, and a code that nobody has.
        for number in ["3461234", "210123456789", "1212555"] {
            assert!(Facts::of(number.as_bytes()).is_impossible, "{number}");
        }
        assert_eq!(Facts::of(b""), Facts::default());
    }
}
