//! Where a lake is: a folder, or a bucket of an S3-compatible store.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use url::Url;

/// Where a lake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine; made when it does not exist.
    Folder(PathBuf),
    /// `s3://bucket/prefix`, with options named as the AWS tools name them (`aws_endpoint`, `aws_access_key_id`, …).
    S3 {
        /// The bucket.
        bucket: String,
        /// What stands before the names of all objects; may be empty.
        prefix: String,
        /// Options; the environment is not looked at.
        options: Vec<(String, String)>,
    },
}

/// A text that names no location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Neither a path nor a URL that is understood.
    #[error("a lake is a folder, file:///folder or s3://bucket/prefix; this is none of them")]
    Unknown,
    /// An option that the store does not have.
    #[error(
        "{option} is no option of an S3-compatible store; see aws_endpoint, aws_region, aws_access_key_id, aws_secret_access_key, aws_allow_http"
    )]
    Option {
        /// The option.
        option: String,
    },
    /// The options do not fit together.
    #[error("the S3-compatible store cannot be used with these options ({reason})")]
    Options {
        /// What the store says.
        reason: String,
    },
}

impl Location {
    /// A path, `file:///…` or `s3://bucket/prefix`.
    pub fn parse(text: &str, options: Vec<(String, String)>) -> Result<Self, LocationError> {
        if !text.contains("://") {
            return if text.is_empty() { Err(LocationError::Unknown) } else { Ok(Self::Folder(text.into())) };
        }
        let url = Url::parse(text).map_err(|_| LocationError::Unknown)?;
        match url.scheme() {
            "file" if url.path().trim_matches('/').is_empty() => Err(LocationError::Unknown),
            "file" => url.to_file_path().map(Self::Folder).map_err(|()| LocationError::Unknown),
            "s3" => {
                let bucket = url.host_str().filter(|host| !host.is_empty()).ok_or(LocationError::Unknown)?.to_owned();
                Ok(Self::S3 { bucket, prefix: url.path().trim_matches('/').to_owned(), options })
            }
            _ => Err(LocationError::Unknown),
        }
    }

    /// What messages call it; no option, which may be a secret.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::S3 { bucket, prefix, .. } => format!("s3://{bucket}/{prefix}"),
        }
    }
}

/// The client of an S3-compatible store.
pub(super) fn s3(bucket: &str, options: &[(String, String)]) -> Result<Arc<dyn ObjectStore>, LocationError> {
    let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
    for (option, value) in options {
        let key = AmazonS3ConfigKey::from_str(&option.to_ascii_lowercase())
            .map_err(|_| LocationError::Option { option: option.clone() })?;
        builder = builder.with_config(key, value);
    }
    match builder.build() {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => Err(LocationError::Options { reason: error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_name_a_lake() {
        let parse = |text: &str| Location::parse(text, Vec::new());
        assert_eq!(parse("data/lake"), Ok(Location::Folder("data/lake".into())));
        assert_eq!(parse("file:///srv/lake"), Ok(Location::Folder("/srv/lake".into())));
        assert_eq!(
            parse("s3://bucket/a/b/"),
            Ok(Location::S3 { bucket: "bucket".into(), prefix: "a/b".into(), options: Vec::new() })
        );
        for wrong in ["", "http://x/y", "s3:///prefix", "file://", "gopher://x"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn options_are_the_stores_own() {
        let option = |key: &str| s3("bucket", &[(key.to_owned(), "eu-south-1".to_owned())]).map(|_| ());
        assert_eq!(option("AWS_REGION"), Ok(()));
        assert!(matches!(option("aws_colour"), Err(LocationError::Option { .. })));
    }
}
