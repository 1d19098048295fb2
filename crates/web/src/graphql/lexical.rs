//! A look at a document before it is parsed: the parser follows brackets by recursion and tokens by the line, so both are bounded
//! first. Knows strings and comments, and nothing else of the language.

/// What a document holds, lexically.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Names, numbers, strings and punctuators.
    pub(crate) tokens: usize,
    /// Deepest nesting of brackets of all kinds.
    pub(crate) nesting: usize,
}

/// Measures `document`. Brackets that do not match are left to the parser.
pub(crate) fn measure(document: &str) -> Shape {
    let bytes = document.as_bytes();
    let mut shape = Shape::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' => end_of_string(bytes, at),
            b'(' | b'[' | b'{' => {
                depth += 1;
                shape.nesting = shape.nesting.max(depth);
                at + 1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            byte if in_word(*byte) => {
                at + bytes[at..].iter().position(|byte| !in_word(*byte)).unwrap_or(bytes.len() - at)
            }
            _ => at + 1,
        };
        shape.tokens += 1;
    }
    shape
}

// Bytes of other scripts stand only in strings; outside they are one word, which the parser refuses.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    if bytes[start..].starts_with(b"\"\"\"") {
        let mut at = start + 3;
        while at < bytes.len() {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(b"\"\"\"") {
                return at + 3;
            } else {
                at += 1;
            }
        }
        return bytes.len();
    }
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\n' | b'\r' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_hide_their_brackets() {
        let of = |text: &str| {
            let shape = measure(text);
            (shape.tokens, shape.nesting)
        };
        assert_eq!(of("{ a(b: [1, {c: 2}]) }"), (15, 4));
        assert_eq!(of("{ a(b: \"{{{{\\\"{{\") } # {{{{"), (8, 2));
        assert_eq!(of("{ a(b: \"\"\"{ \\\"\"\" {\"\"\") }"), (8, 2));
        assert_eq!(of("# only words\n{a}\n#"), (3, 1));
        assert_eq!(of("\"open {{{"), (1, 0));
        assert_eq!(of("}}}{"), (4, 1));
        assert_eq!(of("\u{feff}{a}"), (4, 1));
        assert_eq!(measure(&"[".repeat(100_000)).nesting, 100_000);
    }
}
