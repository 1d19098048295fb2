//! The documents that came of late: programs send the same few, and parsing one takes longer than most of what follows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::preflight::{self, Limits, Measured, Refused};

/// Bytes of all texts that are kept; more, and all are forgotten. What is parsed of them takes many times as much.
const BYTES: usize = 128 << 10;
/// Bytes of the longest document that is kept.
const LONGEST: usize = 8 << 10;

/// The documents that came of late and are within the limits.
#[derive(Debug, Default)]
pub(super) struct KnownDocuments(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By the hash of their text.
    documents: HashMap<String, Arc<Measured>>,
    /// Of their texts.
    bytes: usize,
}

impl Kept {
    fn keep(&mut self, hash: &str, bytes: usize, measured: Arc<Measured>) {
        if self.bytes + bytes > BYTES {
            *self = Self::default();
        }
        if self.documents.insert(hash.to_owned(), measured).is_none() {
            self.bytes += bytes;
        }
    }
}

impl KnownDocuments {
    /// The document of this text, of which `hash` is the hash.
    pub(super) fn measure(&self, text: &str, hash: &str, limits: &Limits) -> Result<Arc<Measured>, Refused> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).documents.get(hash) {
            return Ok(Arc::clone(known));
        }
        let measured = Arc::new(preflight::measure(text, limits)?);
        if text.len() <= LONGEST {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.keep(hash, text.len(), Arc::clone(&measured));
        }
        Ok(measured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_the_limits_is_kept_and_nothing_else_and_not_without_end() {
        let known = KnownDocuments::default();
        let limits = Limits::default();
        let first = known.measure("{ a }", "first", &limits).unwrap();
        assert!(Arc::ptr_eq(&first, &known.measure("{ a }", "first", &limits).unwrap()));
        assert!(known.measure("{ a", "broken", &limits).is_err());
        assert!(known.measure("{ a", "broken", &limits).is_err(), "still");
        known.measure(&format!("{{ a }} #{}", "x".repeat(LONGEST)), "long", &limits).unwrap();
        assert_eq!(known.0.lock().unwrap().documents.len(), 1);
        let text = format!("{{ a }} #{}", "x".repeat(LONGEST / 2));
        for number in 0..BYTES / text.len() * 3 {
            known.measure(&text, &number.to_string(), &limits).unwrap();
            let kept = known.0.lock().unwrap();
            let bytes: usize = kept.documents.keys().map(|hash| if hash == "first" { 5 } else { text.len() }).sum();
            assert_eq!(kept.bytes, bytes);
            assert!(bytes <= BYTES);
        }
    }
}
