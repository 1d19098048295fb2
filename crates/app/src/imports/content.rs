//! What a file holds, as a hash: the same content is imported once.

use std::{
    fs::File,
    io::{self, Read as _},
    path::PathBuf,
};

use domain::ports::CancelFlag;
use sha2::{Digest as _, Sha256};

use super::stop::Stop;
use crate::OpError;

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 20;

/// SHA-256 of a file, in hexadecimal digits, computed away from the async runtime.
pub(super) async fn sha256(path: PathBuf, cancel: CancelFlag) -> Result<String, Stop> {
    let hashed = tokio::task::spawn_blocking(move || hash(&path, &cancel)).await;
    match hashed {
        Ok(Ok(Some(digest))) => Ok(digest),
        Ok(Ok(None)) => Err(Stop::Cancelled),
        Ok(Err(error)) => Err(unreadable(&error)),
        Err(error) => Err(Stop::Ours(OpError::internal("hash of a file", error))),
    }
}

/// What an operating system's refusal to read means.
pub(super) fn unreadable(error: &io::Error) -> Stop {
    Stop::Unusable(format!("the file cannot be read ({error}); check the path and its permissions"))
}

fn hash(path: &std::path::Path, cancel: &CancelFlag) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Some(hex::encode(hasher.finalize()))),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
