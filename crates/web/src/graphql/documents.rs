//! Trusted documents: what our own programs send is known when they are built, so they name a document by its hash, and a
//! deployment may serve people nothing else.

use std::{collections::HashMap, sync::Arc};

use sha2::{Digest as _, Sha256};

use super::{body::Document, preflight::Refused};
use crate::{measure, refusal::ErrorCode};

/// Which documents a kind of caller may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DocumentRule {
    /// Any.
    #[default]
    Open,
    /// Any; those that are not trusted are counted, to see what [`Trusted`](Self::Trusted) would refuse.
    Watched,
    /// Trusted ones alone.
    Trusted,
}

/// The trusted documents, and who must use them.
#[derive(Debug, Clone, Default)]
pub struct TrustedDocuments {
    /// By the SHA-256 of the text, in hexadecimal.
    texts: HashMap<String, Arc<str>>,
    /// For people, and for who signs in.
    people: DocumentRule,
    /// For programs.
    programs: DocumentRule,
}

/// A document to be looked at, and what it is known by.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) text: Arc<str>,
    /// SHA-256, in hexadecimal.
    pub(crate) hash: String,
}

impl TrustedDocuments {
    /// Trusts each of `texts`; `people` and `programs` may send what their rules say.
    pub fn new(texts: impl IntoIterator<Item = String>, people: DocumentRule, programs: DocumentRule) -> Self {
        let texts = texts.into_iter().map(|text| (hash(&text), Arc::from(text))).collect();
        Self { texts, people, programs }
    }

    /// The text of a document, if its sender may send it.
    pub(super) fn resolve(&self, document: Document, is_program: bool) -> Result<Resolved, Refused> {
        let text = match document {
            Document::Text(text) => text,
            Document::Trusted(id) => {
                let hash = id.strip_prefix("sha256:").unwrap_or(&id).to_ascii_lowercase();
                return match self.texts.get(&hash) {
                    Some(text) => Ok(Resolved { text: Arc::clone(text), hash }),
                    None => Err(Refused::new(ErrorCode::NotFound, "there is no trusted document of this id")),
                };
            }
        };
        let hash = hash(&text);
        let rule = if is_program { self.programs } else { self.people };
        if rule != DocumentRule::Open && !self.texts.contains_key(&hash) {
            measure::untrusted_document(rule == DocumentRule::Trusted);
            if rule == DocumentRule::Trusted {
                let message = "this credential may use trusted documents alone: send `documentId`";
                return Err(Refused::new(ErrorCode::Forbidden, message));
            }
        }
        Ok(Resolved { text: text.into(), hash })
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ viewer { permissions } }";

    fn documents(people: DocumentRule) -> TrustedDocuments {
        TrustedDocuments::new([TEXT.to_owned()], people, DocumentRule::Open)
    }

    fn code(result: Result<Resolved, Refused>) -> Option<ErrorCode> {
        result.err().map(|refused| refused.code)
    }

    #[test]
    fn a_trusted_document_is_known_by_its_hash() {
        let documents = documents(DocumentRule::Trusted);
        for id in [hash(TEXT), format!("sha256:{}", hash(TEXT)), hash(TEXT).to_uppercase()] {
            assert_eq!(&*documents.resolve(Document::Trusted(id), false).unwrap().text, TEXT);
        }
        for id in ["", "sha256:", "x", &hash("{ a }")] {
            assert_eq!(code(documents.resolve(Document::Trusted(id.to_owned()), true)), Some(ErrorCode::NotFound));
        }
    }

    #[test]
    fn who_must_use_them_can_send_no_other() {
        let other = || Document::Text("{ a }".to_owned());
        assert_eq!(code(documents(DocumentRule::Trusted).resolve(other(), false)), Some(ErrorCode::Forbidden));
        assert_eq!(code(documents(DocumentRule::Trusted).resolve(other(), true)), None);
        assert_eq!(code(documents(DocumentRule::Trusted).resolve(Document::Text(TEXT.to_owned()), false)), None);
        for rule in [DocumentRule::Open, DocumentRule::Watched] {
            assert_eq!(code(documents(rule).resolve(other(), false)), None);
        }
    }
}
