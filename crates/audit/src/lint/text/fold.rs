//! Letters without what does not matter: case, accents, typographic variants (bold, wide, circled).

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Adds the plain letters of a character.
pub(super) fn push(into: &mut String, character: char) {
    if character.is_ascii() {
        into.push(character.to_ascii_lowercase());
        return;
    }
    decompose_compatible(character, |plain| {
        if !is_combining_mark(plain) {
            into.extend(plain.to_lowercase());
        }
    });
}

/// Whether a character continues a word without being a letter: an accent that stands alone, a joiner.
pub(super) fn continues(character: char) -> bool {
    is_combining_mark(character) || matches!(character, '\u{200b}'..='\u{200d}' | '\u{00ad}' | '\u{2060}' | '\u{fe0f}')
}
