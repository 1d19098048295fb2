//! Finds terms in the words of a template.

use std::ops::Range;

use super::{
    super::text::{Kind, NO_WORD, Texts, Token},
    Choice, Class, Element, Lexicon, Pattern, Role, Topic,
};

/// A term that was found and that nothing excuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Hit {
    pub(in crate::lint) topic: Topic,
    /// Whether one is enough.
    pub(in crate::lint) is_strong: bool,
    term: u32,
    /// Its first and its last token.
    tokens: (usize, usize),
}

/// What was found in a template, in the order of its words.
#[derive(Debug)]
pub(in crate::lint) struct Found(Vec<Hit>);

impl Found {
    /// Every term of a topic, strong or weak.
    pub(in crate::lint) fn all(&self, topic: Topic) -> impl Iterator<Item = &Hit> {
        self.0.iter().filter(move |hit| hit.topic == topic)
    }

    /// The terms of a topic, if there are enough of them: a strong one, or two different weak ones.
    pub(in crate::lint) fn enough(&self, topic: Topic) -> Vec<&Hit> {
        let hits: Vec<&Hit> = self.all(topic).collect();
        let differ = |one: &Hit, other: &Hit| one.term != other.term && !one.overlaps(other);
        let is_enough = hits.iter().any(|hit| hit.is_strong)
            || hits.first().is_some_and(|first| hits.iter().any(|other| differ(first, other)));
        if is_enough { hits } else { Vec::new() }
    }
}

impl Hit {
    /// Its part, and its bytes there.
    pub(in crate::lint) fn place(&self, texts: &Texts<'_>) -> (usize, Range<usize>) {
        let (first, last) = (&texts.tokens.list[self.tokens.0], &texts.tokens.list[self.tokens.1]);
        (first.part as usize, first.bytes.start as usize..last.bytes.end as usize)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.tokens.0 <= other.tokens.1 && other.tokens.0 <= self.tokens.1
    }
}

impl Lexicon {
    /// Finds terms.
    pub(in crate::lint) fn find(&self, texts: &Texts<'_>) -> Found {
        let search = Search::new(self, texts);
        let (mut hits, mut against) = (Vec::new(), Vec::new());
        for at in 0..search.words.len() {
            search.at(at, |pattern, last| {
                let is_strong = pattern.role == Role::Strong;
                let hit = Hit { topic: pattern.topic, is_strong, term: pattern.term, tokens: (at, last) };
                if is_strong || pattern.role == Role::Weak {
                    hits.push(hit);
                } else {
                    against.push((pattern.role, hit));
                }
            });
        }
        let sentence = |hit: &Hit| texts.tokens.list[hit.tokens.0].sentence;
        hits.retain(|hit| {
            !against.iter().filter(|(_, other)| other.topic == hit.topic).any(|(role, other)| match role {
                Role::Exclusion => hit.overlaps(other),
                Role::SentenceExcuse => sentence(hit) == sentence(other),
                _ => true,
            })
        });
        Found(hits)
    }
}

struct Search<'a> {
    lexicon: &'a Lexicon,
    texts: &'a Texts<'a>,
    /// The number of each token's word.
    words: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(lexicon: &'a Lexicon, texts: &'a Texts<'a>) -> Self {
        let word = |token: &Token| match token.kind {
            Kind::Word | Kind::Number => lexicon.word_id(texts.tokens.text(token)),
            _ => NO_WORD,
        };
        Self { lexicon, texts, words: texts.tokens.list.iter().map(word).collect() }
    }

    /// Tells every pattern that begins at a token, and where it ends.
    fn at(&self, at: usize, mut tell: impl FnMut(&'a Pattern, usize)) {
        let token = &self.texts.tokens.list[at];
        let mut tried = |id: u32| {
            let pattern = &self.lexicon.patterns[id as usize];
            if let Some(last) = self.rest(&pattern.elements[1..], at) {
                tell(pattern, last);
            }
        };
        if let Some(patterns) = self.lexicon.by_word.get(self.words[at] as usize) {
            patterns.iter().copied().for_each(&mut tried);
        }
        if token.kind == Kind::Word {
            let letters = self.texts.tokens.text(token);
            for (prefix, id) in &self.lexicon.by_prefix {
                if letters.starts_with(&**prefix) {
                    tried(*id);
                }
            }
            return;
        }
        for class in Class::ALL.into_iter().filter(|class| class.holds(token.kind)) {
            self.lexicon.by_class[class as usize].iter().copied().for_each(&mut tried);
        }
    }

    /// The last token of what remains of a pattern behind a token; the shortest way.
    fn rest(&self, elements: &[Element], last: usize) -> Option<usize> {
        let next = last + 1;
        match elements {
            [] => Some(last),
            [Element::One(choices), rest @ ..] => self.is_one(choices, next).then(|| self.rest(rest, next))?,
            [Element::Gap(most), rest @ ..] => {
                let inside = |at: &usize| self.texts.tokens.list.get(*at).is_some_and(|token| token.kind != Kind::End);
                let ends = (last..).take(usize::from(*most) + 1);
                ends.take_while(|end| *end == last || inside(end)).find_map(|end| self.rest(rest, end))
            }
        }
    }

    fn is_one(&self, choices: &[Choice], at: usize) -> bool {
        let Some(token) = self.texts.tokens.list.get(at) else { return false };
        choices.iter().any(|choice| match choice {
            Choice::Word(word) => self.words[at] == *word,
            Choice::Prefix(prefix) => token.kind == Kind::Word && self.texts.tokens.text(token).starts_with(&**prefix),
            Choice::Class(class) => class.holds(token.kind),
        })
    }
}
