//! A file on its way in: from the request's body to a temporary file that is gone whatever happens, unless it is used.

use std::{io, path::PathBuf, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header::CONTENT_LENGTH},
};
use futures::StreamExt as _;
use tempfile::TempPath;
use tokio::{
    io::{AsyncWriteExt as _, BufWriter},
    time::timeout,
};

use crate::refusal::{ErrorCode, Refusal};

/// Bytes that are written to the disk at a time.
const BUFFER: usize = 256 << 10;

/// Beginning of the names of files that wait.
const PREFIX: &str = "upload-";

/// Age from which on a file belongs to no running import. Imports take minutes.
const ABANDONED: Duration = Duration::from_hours(24);

/// Bounds of uploads.
#[derive(Debug, Clone)]
pub struct Uploads {
    /// Where they wait.
    pub folder: PathBuf,
    /// Largest one, as sent.
    pub size: u64,
    /// How long a peer may send nothing.
    pub idle: Duration,
    /// How many are received at the same time.
    pub at_once: usize,
}

/// A received file; deleted when dropped.
#[derive(Debug)]
pub(crate) struct Received {
    /// Where it is.
    pub(crate) path: TempPath,
    /// Its length in bytes.
    pub(crate) bytes: u64,
}

/// Receives `body`. On any refusal, and when the caller is dropped, nothing stays.
pub(crate) async fn receive(headers: &HeaderMap, body: Body, bounds: &Uploads) -> Result<Received, Refusal> {
    let too_large = || {
        let message = format!("the file is too large: at most {} bytes are taken; split it", bounds.size);
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message)
    };
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > bounds.size) {
        return Err(too_large());
    }
    let folder = bounds.folder.clone();
    let made = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder)
    });
    let (file, path) = made.await.map_err(|_| Refusal::internal())?.map_err(|error| disk(&error))?.into_parts();
    let mut file = BufWriter::with_capacity(BUFFER, tokio::fs::File::from_std(file));
    let mut stream = body.into_data_stream();
    let mut bytes = 0_u64;
    loop {
        let chunk = match timeout(bounds.idle, stream.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Refusal::bad_request("the upload was cut off: send it again")),
            Err(_) => {
                let message = "the upload stood still for too long: send it again";
                return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, message));
            }
        };
        bytes += chunk.len() as u64;
        if bytes > bounds.size {
            return Err(too_large());
        }
        file.write_all(&chunk).await.map_err(|error| disk(&error))?;
    }
    file.flush().await.map_err(|error| disk(&error))?;
    Ok(Received { path, bytes })
}

/// Deletes what a process that was killed left in the folder of uploads: files that nobody has written to for longer than any
/// upload may stand still.
///
/// # Errors
/// The folder cannot be read.
pub fn sweep_uploads(bounds: &Uploads) -> io::Result<()> {
    let entries = match std::fs::read_dir(&bounds.folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let abandoned = entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > ABANDONED.max(bounds.idle));
        if abandoned && entry.file_name().to_string_lossy().starts_with(PREFIX) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// What a failing disk means to the caller.
fn disk(error: &io::Error) -> Refusal {
    tracing::error!(error = %error, "an upload cannot be written");
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        let message = "there is no space for the file on the server: nothing was imported; try again later";
        return Refusal::new(StatusCode::INSUFFICIENT_STORAGE, ErrorCode::Unavailable, message);
    }
    Refusal::unavailable("the server cannot store the file now: nothing was imported; try again later")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bytes::Bytes;
    use futures::stream;

    use super::*;

    fn bounds(folder: &Path) -> Uploads {
        Uploads { folder: folder.join("uploads"), size: 1_000, idle: Duration::from_millis(50), at_once: 1 }
    }

    fn left(bounds: &Uploads) -> usize {
        std::fs::read_dir(&bounds.folder).map_or(0, Iterator::count)
    }

    fn chunks(chunks: Vec<Result<&'static str, io::Error>>) -> Body {
        Body::from_stream(stream::iter(
            chunks.into_iter().map(|chunk| chunk.map(|text| Bytes::from_static(text.as_bytes()))),
        ))
    }

    #[tokio::test]
    async fn a_file_arrives_whole_and_goes_when_it_was_used() {
        let folder = tempfile::tempdir().unwrap();
        let bounds = bounds(folder.path());
        let received = receive(&HeaderMap::new(), chunks(vec![Ok("one,"), Ok("two")]), &bounds).await.unwrap();
        assert_eq!(std::fs::read_to_string(&received.path).unwrap(), "one,two");
        assert_eq!(received.bytes, 7);
        drop(received);
        assert_eq!(left(&bounds), 0);
    }

    #[tokio::test]
    async fn whatever_goes_wrong_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let bounds = bounds(folder.path());
        let cut = chunks(vec![Ok("one"), Err(io::ErrorKind::ConnectionReset.into())]);
        assert_eq!(receive(&HeaderMap::new(), cut, &bounds).await.unwrap_err().status, StatusCode::BAD_REQUEST);
        let large = Body::from(vec![b'x'; 1_001]);
        assert_eq!(receive(&HeaderMap::new(), large, &bounds).await.unwrap_err().status, StatusCode::PAYLOAD_TOO_LARGE);
        let announced = HeaderMap::from_iter([(CONTENT_LENGTH, 1_001.into())]);
        let refused = receive(&announced, Body::empty(), &bounds).await.unwrap_err();
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        let silent = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        assert_eq!(receive(&HeaderMap::new(), silent, &bounds).await.unwrap_err().status, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(left(&bounds), 0);
    }

    #[tokio::test]
    async fn a_peer_that_goes_away_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let bounds = Uploads { idle: Duration::from_mins(1), ..bounds(folder.path()) };
        let silent = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"one"))]).chain(stream::pending());
        let headers = HeaderMap::new();
        let receiving = receive(&headers, Body::from_stream(silent), &bounds);
        assert!(timeout(Duration::from_millis(100), receiving).await.is_err());
        assert_eq!(left(&bounds), 0);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_no_fault_of_the_caller() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("uploads"), "a file").unwrap();
        let refused = receive(&HeaderMap::new(), Body::from("x"), &bounds(folder.path())).await.unwrap_err();
        assert_eq!((refused.status, refused.code), (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable));
    }
}
