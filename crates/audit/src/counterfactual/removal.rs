//! What is taken away: the messages of lists, templates and numbers.

use domain::traffic::{Subject, SubjectKind};

use crate::{NameId, Names, Send, tally::slot_of};

/// The lists, templates and numbers whose messages are deleted, by their ids in [`Names`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removal {
    /// By slot, see [`slot_of`].
    lists: Vec<bool>,
    templates: Vec<bool>,
    numbers: Vec<bool>,
}

impl Removal {
    /// The removal of what `subjects` name. Names that are not in the traffic, and subjects of other kinds, remove nothing. A
    /// list without id is the messages of no list; a template is `name/language`.
    pub fn of(subjects: &[Subject], names: &Names) -> Self {
        let mut removal = Self::default();
        for subject in subjects {
            match subject.kind {
                SubjectKind::List => match &subject.id {
                    None => mark(&mut removal.lists, 0),
                    Some(id) => {
                        let slots = positions(&names.lists, |list| list == id).map(|at| at + 1);
                        mark_all(&mut removal.lists, slots);
                    }
                },
                SubjectKind::Number => {
                    let of = |number: &String| Some(number) == subject.id.as_ref();
                    mark_all(&mut removal.numbers, positions(&names.numbers, of).map(|at| at + 1));
                }
                SubjectKind::Template => {
                    let of = |template: &crate::TemplateName| Some(template.label()) == subject.id;
                    mark_all(&mut removal.templates, positions(&names.templates, of).map(|at| at + 1));
                }
                SubjectKind::Client
                | SubjectKind::Campaign
                | SubjectKind::Portfolio
                | SubjectKind::Notice
                | SubjectKind::Wording
                | SubjectKind::Rule
                | SubjectKind::Account
                | SubjectKind::Country => {}
            }
        }
        removal
    }

    /// Whether the message is deleted.
    pub fn takes(&self, send: &Send<'_>) -> bool {
        let marked = |marks: &[bool], id: NameId| marks.get(slot_of(id)).copied().unwrap_or(false);
        marked(&self.lists, send.list) || marked(&self.templates, send.template) || marked(&self.numbers, send.number)
    }

    /// Whether each list is taken, by slot.
    pub(super) fn lists(&self) -> &[bool] {
        &self.lists
    }

    /// Whether each template is taken, by slot.
    pub(super) fn templates(&self) -> &[bool] {
        &self.templates
    }

    /// Whether each number is taken, by slot.
    pub(super) fn numbers(&self) -> &[bool] {
        &self.numbers
    }
}

fn positions<T>(names: &[T], is: impl Fn(&T) -> bool) -> impl Iterator<Item = usize> {
    names.iter().enumerate().filter(move |(_, name)| is(name)).map(|(at, _)| at)
}

fn mark_all(marks: &mut Vec<bool>, slots: impl Iterator<Item = usize>) {
    for slot in slots {
        mark(marks, slot);
    }
}

fn mark(marks: &mut Vec<bool>, slot: usize) {
    if marks.len() <= slot {
        marks.resize(slot + 1, false);
    }
    marks[slot] = true;
}
