//! People known by a user id: a dictionary of user ids, and the links between ids and numbers that rows with both make.
//!
//! The dictionary is held in memory: about 150 bytes for each user id that the files name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;

use crate::exchange::identity::USER_ID_BIT;

/// Position of a user id in the dictionary.
pub(crate) type UserId = u32;

/// Marks a row without a user id.
pub(crate) const NO_USER: UserId = UserId::MAX;

/// The key of a person of whom nothing but the user id is known.
pub(crate) const fn user_key(user: UserId) -> u64 {
    USER_ID_BIT | user as u64
}

/// User ids and links, shared by all threads.
#[derive(Debug, Default)]
pub(crate) struct People(Mutex<Tables>);

#[derive(Debug, Default)]
pub(crate) struct Tables {
    ids: HashMap<Arc<str>, UserId, RandomState>,
    texts: Vec<Arc<str>>,
    /// The first key that a user id was seen with.
    links: HashMap<UserId, u64, RandomState>,
    /// Keys that are one person because the same user id was seen with both.
    more: Vec<(u64, u64)>,
}

impl People {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    /// The dictionary's position of a user id.
    pub(crate) fn user(&mut self, text: &str) -> UserId {
        if let Some(&user) = self.ids.get(text) {
            return user;
        }
        let (text, user): (Arc<str>, _) = (text.into(), self.texts.len() as UserId);
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, user);
        user
    }

    /// A row says that `key` has this user id.
    pub(crate) fn link(&mut self, user: UserId, key: u64) {
        let first = *self.links.entry(user).or_insert(key);
        if first != key && self.more.last() != Some(&(first, key)) {
            self.more.push((first, key));
        }
    }

    /// The user ids, by position.
    pub(crate) fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }

    /// For every key that is not its person's own: the person's own key. It is the least of the person's numbers, or of
    /// the user ids when there is none.
    pub(crate) fn aliases(&self) -> Aliases {
        let mut sets = Sets::default();
        for &(a, b) in &self.more {
            sets.join(a, b);
        }
        // A user id that only ever stood beside one number needs no set of its own.
        for (&user, &key) in &self.links {
            sets.join(user_key(user), key);
        }
        let mut aliases = Aliases::default();
        let keys: Vec<u64> = sets.parents.keys().copied().collect();
        for key in keys {
            let own = sets.root(key);
            if own != key {
                aliases.0.insert(key, own);
            }
        }
        aliases
    }
}

/// Which keys stand for another.
#[derive(Debug, Default)]
pub(crate) struct Aliases(HashMap<u64, u64, RandomState>);

impl Aliases {
    /// The person's own key.
    pub(crate) fn own(&self, key: u64) -> u64 {
        self.0.get(&key).copied().unwrap_or(key)
    }

    /// The person's own key, and the user id to keep beside it: where the key was a user id that is the person's no longer, and the row
    /// names no third, that one, or nobody would know any more whose it was.
    pub(crate) fn settled(&self, key: u64, user: UserId) -> (u64, UserId) {
        let own = self.own(key);
        let is_free = user == NO_USER || user_key(user) == own;
        let known_by = UserId::try_from(key & !USER_ID_BIT).ok().filter(|_| own != key && key & USER_ID_BIT != 0);
        (own, known_by.filter(|_| is_free).unwrap_or(user))
    }

    /// The keys that stand for another.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.keys().copied()
    }
}

/// Disjoint sets of keys; a set's root is its least key, and numbers are less than user ids.
#[derive(Debug, Default)]
struct Sets {
    parents: HashMap<u64, u64, RandomState>,
}

impl Sets {
    fn root(&mut self, key: u64) -> u64 {
        let mut root = key;
        while let Some(&parent) = self.parents.get(&root)
            && parent != root
        {
            root = parent;
        }
        let mut at = key;
        while at != root {
            at = self.parents.insert(at, root).unwrap_or(root);
        }
        root
    }

    fn join(&mut self, a: u64, b: u64) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents.insert(a.max(b), a.min(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_the_user_id_by_which_its_person_was_known() {
        let mut people = Tables::default();
        let (x, y, z) = (people.user("IT.1"), people.user("IT.2"), people.user("IT.3"));
        people.link(y, user_key(x));
        people.link(z, 10);
        let aliases = people.aliases();
        assert_eq!(
            aliases.settled(user_key(y), x),
            (user_key(x), y),
            "who says that two ids are one person goes on saying so"
        );
        assert_eq!(aliases.settled(user_key(x), y), (user_key(x), y));
        assert_eq!(aliases.settled(user_key(z), NO_USER), (10, z));
        assert_eq!(aliases.settled(10, z), (10, z));
        assert_eq!(aliases.settled(10, NO_USER), (10, NO_USER));
        assert_eq!(aliases.settled(user_key(z), x), (10, x), "a row has room for one");
    }

    #[test]
    fn a_person_is_known_by_the_least_of_all_numbers() {
        let mut people = Tables::default();
        let (x, y, z) = (people.user("IT.1"), people.user("IT.2"), people.user("IT.3"));
        assert_eq!(people.user("IT.1"), x);
        people.link(x, 30);
        people.link(x, 20);
        people.link(y, 20);
        people.link(y, 10);
        people.link(y, 10);
        people.link(z, 99);
        let aliases = people.aliases();
        for key in [10, 20, 30, user_key(x), user_key(y)] {
            assert_eq!(aliases.own(key), 10, "{key}");
        }
        assert_eq!(aliases.own(user_key(z)), 99);
        assert_eq!(aliases.own(99), 99);
    }

    #[test]
    fn user_ids_alone_can_be_joined() {
        let mut people = Tables::default();
        let (x, y) = (people.user("IT.1"), people.user("IT.2"));
        people.link(y, user_key(x));
        assert_eq!(people.aliases().own(user_key(y)), user_key(x));
    }
}
