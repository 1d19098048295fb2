//! Variables of a template: `{{1}}` and `{{name}}`.
//!
//! Source: Meta, *Template components*: two braces, a number, or a name of lower-case letters, digits and underscores.

use std::ops::Range;

/// What a variable is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Name<'a> {
    Number(u32),
    Word(&'a str),
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Variable<'a> {
    /// Its bytes in the text, braces included.
    pub(in crate::lint) bytes: Range<usize>,
    pub(in crate::lint) name: Name<'a>,
}

/// The variables of a text, and the places where braces are no variable.
pub(in crate::lint) fn find(text: &str) -> (Vec<Variable<'_>>, Vec<Range<usize>>) {
    let (mut variables, mut broken) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '}']) {
        let start = at + found;
        let rest = &text[start..];
        if rest.starts_with('}') {
            at = start + run(rest, '}');
            broken.push(start..at);
            continue;
        }
        let braces = run(rest, '{');
        let inside = start + braces;
        let Some(close) = text[inside..].find(['{', '}', '\n']).map(|close| inside + close) else {
            broken.push(start..inside);
            at = inside;
            continue;
        };
        let closing = run(&text[close..], '}');
        at = close + closing;
        match name(&text[inside..close]) {
            Some(name) if braces == 2 && closing == 2 => variables.push(Variable { bytes: start..at, name }),
            _ => broken.push(start..at),
        }
    }
    (variables, broken)
}

fn run(text: &str, brace: char) -> usize {
    text.len() - text.trim_start_matches(brace).len()
}

fn name(text: &str) -> Option<Name<'_>> {
    if text.is_empty() {
        None
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok().map(Name::Number)
    } else {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        text.bytes().all(allowed).then_some(Name::Word(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Vec<Name<'_>>, Vec<&str>) {
        let (variables, broken) = find(text);
        (
            variables.into_iter().map(|variable| variable.name).collect(),
            broken.into_iter().map(|bytes| &text[bytes]).collect(),
        )
    }

    #[test]
    fn numbers_and_names_are_variables() {
        assert_eq!(names("Ciao {{1}}, {{first_name}}"), (vec![Name::Number(1), Name::Word("first_name")], vec![]));
        assert_eq!(names("no braces at all"), (vec![], vec![]));
    }

    #[test]
    fn everything_else_in_braces_is_malformed() {
        for (text, broken) in [
            ("a {1} b", "{1}"),
            ("a {{1} b", "{{1}"),
            ("a {{ 1 }} b", "{{ 1 }}"),
            ("a {{Name}} b", "{{Name}}"),
            ("a {{}} b", "{{}}"),
            ("a {{1\nb", "{{1"),
            ("a }} b", "}}"),
            ("a {{", "{{"),
            ("a {{{1}}} b", "{{{1}}}"),
        ] {
            let (variables, found) = names(text);
            assert!(variables.is_empty(), "{text}");
            assert_eq!(found.first().copied(), Some(broken), "{text}");
        }
    }
}
