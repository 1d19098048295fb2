//! `X-Hub-Signature-256`: who sent a body. Computed over the bytes as they came, never over what was read from them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header that carries it.
pub const SIGNATURE_HEADER: &str = "x-hub-signature-256";

const ALGORITHM: &str = "sha256=";
const HEX_DIGITS: usize = 64;

/// Whether `header` is the signature of `body` under one of `secrets`. All of them are tried, whichever fits, and every comparison
/// takes the same time whatever the digits.
#[must_use]
pub fn is_signed<'s>(header: &[u8], body: &[u8], secrets: impl IntoIterator<Item = &'s str>) -> bool {
    let Some(given) = digest(header) else { return false };
    secrets.into_iter().filter(|secret| !secret.is_empty()).fold(false, |fits, secret| {
        let mut mac = mac(secret);
        mac.update(body);
        mac.verify_slice(&given).is_ok() | fits
    })
}

/// The header's value for `body` under `secret`, as Meta computes it.
#[must_use]
pub fn sign(body: &[u8], secret: &str) -> String {
    use std::fmt::Write as _;

    let mut mac = mac(secret);
    mac.update(body);
    let mut header = ALGORITHM.to_owned();
    for byte in mac.finalize().into_bytes() {
        // Writing into a string cannot fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(secret: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_bytes()).expect("any length is a key")
}

fn digest(header: &[u8]) -> Option<[u8; HEX_DIGITS / 2]> {
    let digits = header.strip_prefix(ALGORITHM.as_bytes())?;
    if digits.len() != HEX_DIGITS {
        return None;
    }
    let mut digest = [0; HEX_DIGITS / 2];
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(digest)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    const BODY: &[u8] = b"what do ya want for nothing?";
    const HEADER: &str = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn the_published_vector_is_signed_and_recognised() {
        assert_eq!(sign(BODY, "Jefe"), HEADER);
        assert!(is_signed(HEADER.as_bytes(), BODY, ["Jefe"]));
        assert!(is_signed(HEADER.to_ascii_uppercase().replace("SHA256", "sha256").as_bytes(), BODY, ["Jefe"]));
    }

    #[test]
    fn any_of_several_secrets_fits_and_no_other() {
        assert!(is_signed(HEADER.as_bytes(), BODY, ["old", "Jefe"]));
        assert!(is_signed(HEADER.as_bytes(), BODY, ["Jefe", "new"]));
        assert!(!is_signed(HEADER.as_bytes(), BODY, ["old", "new", ""]));
        assert!(!is_signed(HEADER.as_bytes(), BODY, []));
        assert!(!is_signed(sign(BODY, "").as_bytes(), BODY, [""]), "an empty secret is none");
    }

    #[test]
    fn what_is_no_signature_fits_nothing() {
        let digits = HEADER.strip_prefix("sha256=").unwrap();
        for header in [
            String::new(),
            digits.to_owned(),
            format!("sha1={digits}"),
            format!("sha512={digits}"),
            format!("sha256={}", &digits[2..]),
            format!("sha256={digits}00"),
            format!("sha256={digits},{HEADER}"),
            format!("sha256= {}", &digits[1..]),
            format!("sha256={}g", &digits[1..]),
        ] {
            assert!(!is_signed(header.as_bytes(), BODY, ["Jefe"]), "{header}");
        }
        assert!(!is_signed(HEADER.as_bytes(), &BODY[1..], ["Jefe"]), "a body cut off");
    }
}
