//! A template's texts, taken apart: variables, links, words. Nothing is judged here.

mod fold;
mod links;
mod token;
mod variables;

pub(super) use links::{Host, Link, button_link, find as links_of, registrable};
pub(super) use token::{Kind, NO_WORD, Token, Tokens, words_of};
pub(super) use variables::{Name, Variable, find as variables_of};

use domain::traffic::{Component, Span, TemplateContent};

/// One text of a template.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Where it stands.
    pub(super) component: Component,
    /// Its place among the buttons, for a button.
    pub(super) button: Option<u32>,
    /// The text.
    pub(super) text: &'a str,
    /// Its variables, in order.
    pub(super) variables: Vec<Variable<'a>>,
    /// What is malformed about its braces.
    pub(super) broken: Vec<std::ops::Range<usize>>,
    /// Its links, in order.
    pub(super) links: Vec<Link<'a>>,
}

/// All texts of a template, with their words.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) tokens: Tokens,
}

impl<'a> Part<'a> {
    fn new(component: Component, button: Option<u32>, text: &'a str) -> Self {
        let (variables, broken) = variables::find(text);
        Self { component, button, text, variables, broken, links: links::find(text) }
    }

    /// The characters that a range of bytes covers.
    pub(super) fn span(&self, bytes: &std::ops::Range<usize>) -> Span {
        let characters = |text: Option<&str>| text.map_or(0, |text| text.chars().count()) as u32;
        let start = characters(self.text.get(..bytes.start));
        Span { start, end: start + characters(self.text.get(bytes.clone())) }
    }
}

impl<'a> Texts<'a> {
    /// Takes a template apart.
    pub(super) fn of(template: &'a TemplateContent) -> Self {
        let header = template.header.as_ref().and_then(|header| header.text.as_deref());
        let whole = [
            (Component::Header, header),
            (Component::Body, template.body.as_deref()),
            (Component::Footer, template.footer.as_deref()),
        ];
        let whole = whole.into_iter().filter_map(|(component, text)| Some(Part::new(component, None, text?)));
        let buttons = template.buttons.iter().zip(0_u32..);
        let labels = buttons
            .filter_map(|(button, place)| Some(Part::new(Component::Button, Some(place), button.text.as_deref()?)));
        Self::new(whole.chain(labels).collect())
    }

    /// Takes a lone text apart, as if it were a body.
    pub(super) fn of_text(text: &'a str) -> Self {
        Self::new(vec![Part::new(Component::Body, None, text)])
    }

    fn new(parts: Vec<Part<'a>>) -> Self {
        let mut tokens = Tokens::default();
        for (place, part) in parts.iter().enumerate() {
            tokens.add(place, part);
        }
        Self { parts, tokens }
    }

    /// The part of a kind that stands once, if it is there.
    pub(super) fn part(&self, component: Component) -> Option<&Part<'a>> {
        self.parts.iter().find(|part| part.component == component)
    }
}
