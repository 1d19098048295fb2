//! Values that are never shown: they print and serialise masked.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

const MASK: &str = "********";

/// A secret text. Empty means that it was not given.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, if one was given.
    pub fn expose(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }

    /// Whether one was given.
    pub fn is_given(&self) -> bool {
        !self.0.is_empty()
    }

    fn masked(&self) -> &'static str {
        if self.is_given() { MASK } else { "" }
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.masked())
    }
}

/// An address that may hold a password. Empty means that it was not given.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// The address with its password, if one was given.
    pub fn expose(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }

    /// The address without its password, and without parameters that may hold one.
    pub fn masked(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let Ok(mut url) = Url::parse(&self.0) else { return MASK.to_owned() };
        if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
            return MASK.to_owned();
        }
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        if pairs.iter().any(|(name, _)| name.contains("password")) {
            url.query_pairs_mut().clear().extend_pairs(
                pairs.iter().map(|(name, value)| {
                    (name.as_str(), if name.contains("password") { MASK } else { value.as_str() })
                }),
            );
        }
        url.to_string()
    }
}

impl From<String> for SecretUrl {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_only_that_it_was_given() {
        let secret = Secret::from("correct horse battery staple".to_owned());
        assert_eq!(format!("{secret:?}"), "\"********\"");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"********\"");
        assert_eq!(serde_json::to_string(&Secret::default()).unwrap(), "\"\"");
    }

    #[test]
    fn an_address_shows_all_but_its_password() {
        let shown = |url: &str| SecretUrl::from(url.to_owned()).masked();
        assert_eq!(shown("postgres://app:s3cret@db:5432/sblocco"), "postgres://app:********@db:5432/sblocco");
        assert_eq!(shown("postgres://db/x?user=a&password=s3cret"), "postgres://db/x?user=a&password=********");
        assert_eq!(shown("sqlite:///var/lib/sblocco.db"), "sqlite:///var/lib/sblocco.db");
        assert_eq!(shown("not a url s3cret"), "********");
        assert_eq!(shown(""), "");
    }
}
