//! Of a reply, what was written anew: mail programs put what is answered below, and a signature under that.

/// Longest text that is kept, in characters: nobody writes more.
const LONGEST: usize = 1_000_000;

/// Lines that begin what is answered: our own mark, in both languages, and those of the usual programs.
const CUTS: &[&str] = &[
    "please reply above this line",
    "risponda sopra questa riga",
    "-----original message-----",
    "-----messaggio originale-----",
    "----- original message -----",
    "----- messaggio originale -----",
    "________________________________",
    "inizio messaggio inoltrato:",
    "begin forwarded message:",
];

/// How the line before a quotation ends (Italian, English, German, French, Spanish, and the next ones of our users).
const WROTE: &[&str] =
    &["wrote:", "ha scritto:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "escreveu:", "skrev:"];

/// What was written anew; all of it when nothing else is left. Line ends are `\n`.
pub fn new_words(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().collect();
    let end = (0..lines.len()).find(|at| begins_the_answered(&lines, *at)).unwrap_or(lines.len());
    let written = tidy(lines[..end].iter().copied().filter(|line| !line.starts_with('>')));
    let whole = if written.is_empty() { tidy(lines.into_iter()) } else { written };
    whole.chars().take(LONGEST).collect()
}

fn begins_the_answered(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim_end();
    let lower = line.trim().to_lowercase();
    if line == "--" || lines[at] == "-- " || CUTS.iter().any(|cut| lower.trim_start_matches('>').trim() == *cut) {
        return true;
    }
    let wrote = |line: &str| WROTE.iter().any(|end| line.trim_end().to_lowercase().ends_with(end));
    // The line is long, and programs break it.
    let next = lines.get(at + 1).copied().unwrap_or_default();
    let opens = ["on ", "il ", "am ", "le ", "el ", "em ", "den "].iter().any(|word| lower.starts_with(word));
    (opens && (wrote(line) || wrote(next)) && has_digit(line)) || is_header(lines, at)
}

fn has_digit(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_digit())
}

/// The header of what is answered, as programs of one maker write it: sender, then date, right below each other.
fn is_header(lines: &[&str], at: usize) -> bool {
    let begins = |line: Option<&&str>, words: &[&str]| {
        line.is_some_and(|line| {
            let lower = line.trim_start_matches(['*', ' ']).to_lowercase();
            words.iter().any(|word| lower.starts_with(word))
        })
    };
    begins(lines.get(at), &["from:", "da:", "von:", "de :", "de:"])
        && begins(lines.get(at + 1), &["sent:", "date:", "inviato:", "data:", "gesendet:", "envoyé :", "enviado:"])
}

fn tidy<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let kept = lines.map(str::trim_end).collect::<Vec<_>>().join("\n");
    // Control characters have no business in a text.
    kept.trim().chars().filter(|sign| *sign == '\n' || *sign == '\t' || !sign.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_goes_and_what_is_written_stays() {
        let cases = [
            ("Yes, done.\r\n\r\nOn Mon, 23 Nov 2026 at 09:00, Sblocco <x@y> wrote:\r\n> Please look\r\n", "Yes, done."),
            ("Fatto.\n\nIl giorno lun 23 nov 2026 alle ore 09:00 Sblocco\n<x@y> ha scritto:\n\n> Guardi", "Fatto."),
            ("Done\n\n-- \nZoe\nNordic", "Done"),
            ("Ok\n________________________________\nDa: Sblocco\nInviato: ieri", "Ok"),
            ("Ok\n\nDa: Sblocco <x@y>\nInviato: lunedì 23 novembre 2026\nOggetto: [T-1]", "Ok"),
            ("Ok\n> Please reply above this line\n> more", "Ok"),
            ("> you asked\nYes to this\n> and this\nNo to that", "Yes to this\nNo to that"),
            ("On Monday we send 3 campaigns.\nIl totale è 12", "On Monday we send 3 campaigns.\nIl totale è 12"),
            ("> only a quotation", "> only a quotation"),
            ("\u{0}a\u{7}b\tc", "ab\tc"),
        ];
        for (mail, expected) in cases {
            assert_eq!(new_words(mail), expected, "{mail:?}");
        }
    }

    #[test]
    fn a_text_without_end_is_cut() {
        assert_eq!(new_words(&"è".repeat(LONGEST + 1)).chars().count(), LONGEST);
    }
}
