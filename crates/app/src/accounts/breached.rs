//! Passwords that are known from breaches: looked up in a local file of SHA-1 hashes in their order, one a line with its count behind a
//! colon, as the well-known corpus is published. Nothing leaves the machine.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use sha1::{Digest as _, Sha1};

/// No line is longer: 40 digits, a colon, a count.
const LONGEST_LINE: u64 = 80;

/// Whether the file at `path` holds the hash of `password`. Reads about as many lines as the file's size has bits.
pub(super) fn holds(path: &Path, password: &str) -> io::Result<bool> {
    let wanted = hex::encode_upper(Sha1::digest(password.as_bytes()));
    let mut file = BufReader::with_capacity(256, File::open(path)?);
    // The hash, if it is there, begins a line that begins in `low..high`.
    let (mut low, mut high) = (0, file.get_ref().metadata()?.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let Some((begin, hash)) = line_from(&mut file, middle)? else {
            high = middle;
            continue;
        };
        match hash.as_str().cmp(wanted.as_str()) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = begin + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// The first line that begins at `at` or behind it: where, and its hash.
fn line_from(file: &mut BufReader<File>, at: u64) -> io::Result<Option<(u64, String)>> {
    let mut begin = at;
    if at > 0 {
        // What stands before the next end of a line belongs to a line that begins earlier.
        file.seek(SeekFrom::Start(at - 1))?;
        let mut rest = Vec::new();
        file.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut rest)?;
        begin = at - 1 + rest.len() as u64;
    } else {
        file.seek(SeekFrom::Start(0))?;
    }
    let mut line = String::new();
    file.by_ref().take(LONGEST_LINE).read_line(&mut line)?;
    let hash = line.split(':').next().unwrap_or_default().trim();
    Ok((!hash.is_empty()).then(|| (begin, hash.to_uppercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_password_of_the_file_is_found_and_no_other() {
        let folder = std::env::temp_dir().join(format!("sblocco-breached-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (count, end) in [(0, "\n"), (1, "\n"), (2, "\r\n"), (200, "\r\n"), (201, "")] {
            let mut lines: Vec<String> = (0..count)
                .map(|number| {
                    format!("{}:{}", hex::encode_upper(Sha1::digest(format!("password {number}"))), number * 37)
                })
                .collect();
            lines.sort();
            let path = folder.join(format!("{count}.txt"));
            let text = lines.join(if end.is_empty() { "\n" } else { end }) + end;
            std::fs::write(&path, text).unwrap();
            for number in 0..count {
                assert!(holds(&path, &format!("password {number}")).unwrap(), "{number} of {count}");
            }
            for number in count..count + 50 {
                assert!(!holds(&path, &format!("password {number}")).unwrap(), "{number} of {count}");
            }
        }
        assert!(holds(&folder.join("absent.txt"), "x").is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
