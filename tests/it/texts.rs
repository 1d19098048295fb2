//! Texts that other crates name exist in `i18n`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::architecture::sources;

/// Beginnings of keys that are written out in code; keys of words and rules are made from values, and tested in `i18n`.
const WRITTEN_OUT: [&str; 3] = ["\"error-", "\"import-error-", "\"turn-"];

#[test]
fn every_key_of_a_text_that_code_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests package has a parent folder");
    let keys = keys(&root.join("crates/i18n/locales/en"));
    let mut missing = Vec::new();
    for line in sources::lines_with(&root.join("crates"), &WRITTEN_OUT) {
        for start in WRITTEN_OUT.iter().flat_map(|beginning| line.match_indices(beginning)).map(|(start, _)| start + 1)
        {
            let key = line[start..].split('"').next().unwrap_or_default();
            // A key with a placeholder is put together at run time, and is not for this test.
            if !key.contains('{') && !keys.contains(key) {
                missing.push(format!("{key}, named in {line}"));
            }
        }
    }
    assert!(missing.is_empty(), "crates/i18n/locales has no text of these keys:\n  {}\n", missing.join("\n  "));
}

fn keys(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .flat_map(|text| {
            text.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key.to_owned()).collect::<Vec<_>>()
        })
        .collect()
}
