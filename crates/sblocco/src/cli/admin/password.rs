//! A password, from a prompt, standard input or a file; never from the command line, which everybody on the machine can read.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, IsTerminal as _, Read, stdin},
    path::Path,
};

use console::Term;
use zeroize::Zeroizing;

use crate::failure::{Failure, io_failure, io_reason};

/// Wiped when dropped.
pub(super) type Password = Zeroizing<String>;

/// Bytes that are read at most: more than any password that is accepted.
const LONGEST: u64 = 4_096;

/// Asks twice on a terminal; else the first line of `file`, or of standard input.
pub(super) fn read(file: Option<&Path>) -> Result<Password, Failure> {
    if let Some(path) = file {
        let file = File::open(path).map_err(|error| io_failure("read", path, &error))?;
        return first_line(file);
    }
    if stdin().is_terminal() { ask() } else { first_line(stdin().lock()) }
}

fn ask() -> Result<Password, Failure> {
    let terminal = Term::stderr();
    let line = |prompt: &str| {
        terminal
            .write_str(prompt)
            .and_then(|()| terminal.read_secure_line())
            .map(Zeroizing::new)
            .map_err(|error| Failure::failed(format!("the password cannot be read: {}", io_reason(&error))))
    };
    let first = line("Password: ")?;
    if *first != *line("Again: ")? {
        return Err(Failure::usage("the two passwords differ"));
    }
    Ok(first)
}

fn first_line(source: impl Read) -> Result<Password, Failure> {
    let mut text = Zeroizing::new(String::new());
    BufReader::new(source.take(LONGEST))
        .read_line(&mut text)
        .map_err(|error| Failure::usage(format!("the password cannot be read: {}", io_reason(&error))))?;
    let password = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() { Err(Failure::usage("the password is empty")) } else { Ok(password) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_password() {
        assert_eq!(*first_line("correct horse \r\nsecond".as_bytes()).unwrap(), "correct horse ");
        assert_eq!(*first_line("no newline".as_bytes()).unwrap(), "no newline");
        assert!(first_line("".as_bytes()).is_err());
        assert!(first_line("\n".as_bytes()).is_err());
        assert!(first_line(&b"\xFF\xFE"[..]).is_err());
    }
}
