//! The documents that came of late: programs send the same few, and parsing one takes longer than most of what follows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::preflight::{self, Limits, Measured, Refused};

/// Documents that are kept; one more, and all are forgotten.
const DOCUMENTS: usize = 256;
/// Bytes of the longest document that is kept.
const LONGEST: usize = 8 << 10;

/// The documents that came of late and are within the limits, by the hash of their text.
#[derive(Debug, Default)]
pub(super) struct KnownDocuments(Mutex<HashMap<String, Arc<Measured>>>);

impl KnownDocuments {
    /// The document of this text, of which `hash` is the hash.
    pub(super) fn measure(&self, text: &str, hash: &str, limits: &Limits) -> Result<Arc<Measured>, Refused> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash) {
            return Ok(Arc::clone(known));
        }
        let measured = Arc::new(preflight::measure(text, limits)?);
        if text.len() <= LONGEST {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= DOCUMENTS {
                known.clear();
            }
            known.insert(hash.to_owned(), Arc::clone(&measured));
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
        assert_eq!(known.0.lock().unwrap().len(), 1);
        for number in 0..DOCUMENTS * 2 {
            known.measure("{ a }", &number.to_string(), &limits).unwrap();
        }
        assert!(known.0.lock().unwrap().len() <= DOCUMENTS);
    }
}
