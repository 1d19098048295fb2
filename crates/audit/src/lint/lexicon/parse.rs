//! Reads the data files.

use super::{
    Lexicon, Pattern, Role, Topic,
    term::{Macros, expand},
};

/// What is wrong with a line of a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The line.
    pub(super) line: String,
    /// What is wrong with it.
    pub(super) reason: &'static str,
}

impl Lexicon {
    /// Reads files. A malformed line is left out and told; the tests see that there is none.
    pub(super) fn read(files: &[&str]) -> (Self, Vec<Problem>) {
        let mut lexicon = Self { has_language: files.len() > 1, ..Self::default() };
        let mut problems = Vec::new();
        for file in files {
            let (mut topic, mut macros) = (None, Macros::new());
            for line in file.lines().map(str::trim) {
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                if let Err(reason) = lexicon.line(line, &mut topic, &mut macros) {
                    problems.push(Problem { line: line.to_owned(), reason });
                }
            }
        }
        (lexicon, problems)
    }

    fn line(&mut self, line: &str, topic: &mut Option<Topic>, macros: &mut Macros) -> Result<(), &'static str> {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            *topic = Some(Topic::named(name).ok_or("is a section that is not known")?);
            return Ok(());
        }
        if let Some((name, list)) = line.strip_prefix('@').and_then(|rest| rest.split_once(" = ")) {
            macros.insert(name.to_owned(), list.split('|').map(|word| word.trim().to_owned()).collect());
            return Ok(());
        }
        let topic = topic.ok_or("stands before the first section")?;
        let (role, term) = match line.split_once(' ') {
            Some(("?", term)) => (Role::Weak, term),
            Some(("-", term)) => (Role::Exclusion, term),
            Some(("~", term)) => (Role::SentenceExcuse, term),
            Some(("!", term)) => (Role::Excuse, term),
            _ => (Role::Strong, line),
        };
        let ways = expand(term, macros, &mut |word| self.word(word))?;
        self.terms += 1;
        for elements in ways {
            self.keep(Pattern { topic, role, term: self.terms, elements });
        }
        Ok(())
    }
}
