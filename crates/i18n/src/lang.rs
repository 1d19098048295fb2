//! The languages that Sblocco speaks.

use std::fmt;
use std::str::FromStr;

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Italian.
    It,
    /// English; the choice when nothing else is known.
    #[default]
    En,
}

/// A language tag of a language that Sblocco does not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no language that texts exist in: use `it` or `en`")]
pub struct UnknownLanguage(pub String);

impl Lang {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::It, Self::En];

    /// Its BCP 47 tag.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }

    /// The best language for the value of an `Accept-Language` header; English when it names none that exists here.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in accept_language.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
            let lang = match tag.trim() {
                "*" => Ok(Self::default()),
                tag => tag.parse(),
            };
            // Of equal weights the first counts, as people write their favourite first.
            if let Ok(lang) = lang
                && weight > best.map_or(0.0, |(_, weight)| weight)
            {
                best = Some((lang, weight));
            }
        }
        best.map_or_else(Self::default, |(lang, _)| lang)
    }
}

impl FromStr for Lang {
    type Err = UnknownLanguage;

    /// From a BCP 47 tag; region and script do not matter (`it-CH` is Italian).
    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| primary.eq_ignore_ascii_case(lang.as_str()))
            .ok_or_else(|| UnknownLanguage(tag.to_owned()))
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_whatever_its_region_and_case() {
        assert_eq!("it".parse(), Ok(Lang::It));
        assert_eq!("IT_it".parse(), Ok(Lang::It));
        assert_eq!("en-GB".parse(), Ok(Lang::En));
        assert_eq!("ita".parse::<Lang>(), Err(UnknownLanguage("ita".to_owned())));
        assert!("".parse::<Lang>().is_err());
    }

    #[test]
    fn the_reader_s_favourite_language_wins() {
        assert_eq!(Lang::negotiate("it-IT,it;q=0.9,en;q=0.8"), Lang::It);
        assert_eq!(Lang::negotiate("en;q=0.5, it;q=0.7"), Lang::It);
        assert_eq!(Lang::negotiate("de, it;q=0.4, en;q=0.4"), Lang::It);
        assert_eq!(Lang::negotiate("it;q=0, *;q=0.1"), Lang::En);
    }

    #[test]
    fn english_is_spoken_when_the_reader_names_nothing_we_speak() {
        for header in ["", "de-DE, fr;q=0.9", "it;q=much", ";;,,"] {
            assert_eq!(Lang::negotiate(header), Lang::En, "{header}");
        }
    }
}
