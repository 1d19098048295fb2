//! What holds for all use cases.

use std::{collections::BTreeSet, fs, path::Path};

use i18n::{Args, Lang};

/// Keys of messages that the sources of this crate name.
fn keys(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            keys(&path, found);
        } else {
            let source = fs::read_to_string(&path).unwrap();
            let words =
                source.split('"').filter(|word| word.starts_with("error-") && !word.contains(char::is_whitespace));
            found.extend(words.filter(|word| *word != "error-").map(str::to_owned));
        }
    }
}

#[test]
fn every_refusal_has_its_message_in_every_language() {
    let mut found = BTreeSet::new();
    keys(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 15, "{found:?}");
    for lang in Lang::ALL {
        for key in &found {
            assert_ne!(i18n::text(lang, key, &Args::new()), *key, "{lang} has no text of it");
        }
    }
}
