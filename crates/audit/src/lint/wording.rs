//! What CON-05 needs: whether the text under which people opt in names the business, and says what they agree to.
//!
//! Source: Meta, *WhatsApp Business Messaging Policy* (3 November 2025): the text must state that the person opts in to
//! receive communications from the business, and clearly state the business's name.

use domain::traffic::Span;

use super::{
    lexicon::{Hit, Lexicon, Topic},
    text::{Kind, Texts, words_of},
};

/// Words of legal forms, which a text need not repeat.
const LEGAL_FORMS: [&str; 36] = [
    "ab",
    "ag",
    "aps",
    "as",
    "bv",
    "co",
    "company",
    "coop",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "ohg",
    "onlus",
    "oy",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sas",
    "sca",
    "scarl",
    "sl",
    "snc",
    "spa",
    "sro",
    "srl",
    "srls",
    "societa",
];

/// What a wording says; each with where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordingJudgement {
    /// The client's name.
    pub names_business: Option<Span>,
    /// That the person agrees: "I agree to", "desidero ricevere".
    pub says_agreement: Option<Span>,
    /// What will come: messages, offers, updates.
    pub says_messages: Option<Span>,
}

/// Judges a wording. `names` are the client's brand and legal names; a legal form at the end of one does not matter
/// (`Aurora S.r.l.` is named by `Aurora`), and neither do case and accents. A language without a lexicon is judged by all.
pub fn judge<'a>(text: &str, language: Option<&str>, names: impl IntoIterator<Item = &'a str>) -> WordingJudgement {
    let texts = Texts::of_text(text);
    let own = language.filter(|language| super::has_lexicon(language));
    let languages = own.map_or_else(|| vec!["it", "en"], |language| vec![language]);
    let (mut agreement, mut messages) = (None, None);
    for language in languages {
        let found = Lexicon::of(language).find(&texts);
        let first = |topic| found.enough(topic).first().map(|hit| span(&texts, hit));
        agreement = agreement.or_else(|| first(Topic::OptIn));
        messages = messages.or_else(|| first(Topic::Messages));
    }
    WordingJudgement {
        names_business: names.into_iter().find_map(|name| named(&texts, name)),
        says_agreement: agreement,
        says_messages: messages,
    }
}

fn span(texts: &Texts<'_>, hit: &Hit) -> Span {
    let (part, bytes) = hit.place(texts);
    texts.parts[part].span(&bytes)
}

/// Where a text names a business.
fn named(texts: &Texts<'_>, name: &str) -> Option<Span> {
    let mut name = words_of(name);
    // "S.r.l." is three letters that stand alone.
    let initials = name.iter().rev().take_while(|word| word.chars().count() == 1).count();
    let form: String = name[name.len() - initials..].concat();
    if initials > 1 && name.len() > initials && LEGAL_FORMS.contains(&form.as_str()) {
        name.truncate(name.len() - initials);
    }
    while name.len() > 1 && name.last().is_some_and(|last| LEGAL_FORMS.contains(&last.as_str())) {
        name.pop();
    }
    let tokens: Vec<_> = texts.tokens.list.iter().filter(|token| token.kind != Kind::End).collect();
    let is_name = |window: &&[&super::text::Token]| {
        window.iter().zip(&name).all(|(token, word)| texts.tokens.text(token) == word)
    };
    if name.is_empty() {
        return None;
    }
    let found = tokens.windows(name.len()).find(is_name)?;
    let (first, last) = (found.first()?, found.last()?);
    Some(texts.parts[first.part as usize].span(&(first.bytes.start as usize..last.bytes.end as usize)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_wording_says_who_and_what() {
        let text = "Acconsento a ricevere messaggi promozionali su WhatsApp da Aurora Moda.";
        let said = judge(text, Some("it"), ["AURORA MODA S.r.l."]);
        assert_eq!(said.names_business, Some(Span { start: 59, end: 70 }));
        assert_eq!(said.says_agreement, Some(Span { start: 0, end: 10 }));
        assert!(said.says_messages.is_some());
    }

    #[test]
    fn what_is_missing_is_missing() {
        let said = judge("Inserisci il numero per completare l'acquisto", Some("it"), ["Aurora SpA", "Moda Aurora"]);
        assert_eq!(said, WordingJudgement::default());
        assert_eq!(judge("I agree to receive offers", Some("en_US"), ["Aurora"]).names_business, None);
        assert!(judge("I agree to receive offers", Some("de"), []).says_agreement.is_some());
        assert_eq!(judge("Auroramoda", None, ["Aurora"]).names_business, None);
        assert_eq!(judge("anything", None, [""]).names_business, None);
    }

    #[test]
    fn a_legal_form_alone_is_a_name_when_there_is_nothing_else() {
        assert!(judge("Messaggi da SAS", Some("it"), ["SAS"]).names_business.is_some());
    }
}
