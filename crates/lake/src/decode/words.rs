//! Names (numbers, templates, lists, …) as small ids: one table for all threads, and a cache for each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use audit::{NO_NAME, NameId, Names, TemplateName};
use foldhash::fast::RandomState;

/// Which names an id belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Numbers,
    TemplateNames,
    Languages,
    Lists,
    Campaigns,
    InboundTypes,
    Sources,
    Wordings,
    Controllers,
    Brands,
}

const TABLES: usize = 10;

type Ids<K> = HashMap<K, NameId, RandomState>;

#[derive(Debug, Default)]
struct Interner {
    ids: Ids<Arc<str>>,
    words: Vec<Arc<str>>,
}

impl Interner {
    fn id(&mut self, word: &str) -> NameId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let (word, id): (Arc<str>, _) = (word.into(), self.words.len() as NameId);
        self.words.push(Arc::clone(&word));
        self.ids.insert(word, id);
        id
    }
}

#[derive(Debug, Default)]
struct Templates {
    ids: Ids<(NameId, NameId)>,
    pairs: Vec<(NameId, NameId)>,
}

/// The names that all threads share.
#[derive(Debug, Default)]
pub(crate) struct SharedWords {
    tables: [Mutex<Interner>; TABLES],
    templates: Mutex<Templates>,
}

impl SharedWords {
    /// Every word of a table, by id.
    pub(crate) fn words(&self, table: Table) -> Vec<Arc<str>> {
        lock(&self.tables[table as usize]).words.clone()
    }

    /// (name, language) of every template, by id; the language may be [`NO_NAME`].
    pub(crate) fn templates(&self) -> Vec<(NameId, NameId)> {
        lock(&self.templates).pairs.clone()
    }

    /// The names as the audit wants them.
    pub(crate) fn names(&self) -> Names {
        let owned = |table| self.words(table).iter().map(ToString::to_string).collect::<Vec<String>>();
        let (names, languages) = (owned(Table::TemplateNames), owned(Table::Languages));
        let templates = self.templates().into_iter().map(|(name, language)| TemplateName {
            name: names[name as usize].clone(),
            language: languages.get(language as usize).cloned().unwrap_or_default(),
        });
        Names {
            numbers: owned(Table::Numbers),
            templates: templates.collect(),
            lists: owned(Table::Lists),
            campaigns: owned(Table::Campaigns),
            wordings: owned(Table::Wordings),
            controllers: owned(Table::Controllers),
            brands: owned(Table::Brands),
            sources: owned(Table::Sources),
        }
    }
}

/// No thread panics while it holds the tables; if one did, its panic ends the work.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One thread's view of the names. It shares no word with other threads: even a count of who holds it would be fought over.
#[derive(Debug)]
pub(crate) struct WordCache<'s> {
    shared: &'s SharedWords,
    tables: [Ids<Box<str>>; TABLES],
    /// By the template's name: the languages that were met, each with the template's id. They are few.
    templates: Vec<Vec<(NameId, NameId)>>,
    /// The last word of each table, none if empty: neighbouring rows often agree.
    last: [(String, NameId); TABLES],
}

impl<'s> WordCache<'s> {
    pub(crate) fn new(shared: &'s SharedWords) -> Self {
        Self { shared, tables: Default::default(), templates: Vec::new(), last: Default::default() }
    }

    /// The id of a word; [`NO_NAME`] of the empty one.
    pub(crate) fn id(&mut self, table: Table, word: &str) -> NameId {
        if word.is_empty() {
            return NO_NAME;
        }
        let index = table as usize;
        let (last, last_id) = &mut self.last[index];
        if last.as_str() == word {
            return *last_id;
        }
        let id = if let Some(id) = self.tables[index].get(word) {
            *id
        } else {
            let id = lock(&self.shared.tables[index]).id(word);
            self.tables[index].insert(word.into(), id);
            id
        };
        last.clear();
        last.push_str(word);
        *last_id = id;
        id
    }

    /// The id of a template.
    pub(crate) fn template(&mut self, name: NameId, language: NameId) -> NameId {
        if let Some(languages) = self.templates.get(name as usize)
            && let Some(&(_, id)) = languages.iter().find(|(known, _)| *known == language)
        {
            return id;
        }
        let id = {
            let templates = &mut *lock(&self.shared.templates);
            *templates.ids.entry((name, language)).or_insert_with(|| {
                templates.pairs.push((name, language));
                templates.pairs.len() as NameId - 1
            })
        };
        if self.templates.len() <= name as usize {
            self.templates.resize_with(name as usize + 1, Vec::new);
        }
        self.templates[name as usize].push((language, id));
        id
    }
}
