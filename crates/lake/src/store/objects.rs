//! The objects of a lake: segments under names that are never used twice.
//!
//! In a folder, an object is written beside the others under a name of its own, made durable, and only then gets its name; in
//! an object store it is written to a temporary file first and then uploaded. Either way an object is whole or absent.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use domain::Instant;
use domain::ports::{LakeError as PortError, ObjectReader};
use futures::TryStreamExt;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use tempfile::{NamedTempFile, TempPath};
use tokio::runtime::Handle;

use super::location::{Location, LocationError, s3};
use crate::error::{LakeError, Result};

/// Folder of objects that are being written, in a lake that is a folder.
const STAGING: &str = "staging";

/// Bytes of a part of an upload.
const PART: usize = 8 << 20;

/// A lake's objects.
#[derive(Debug, Clone)]
pub(super) struct Objects {
    label: String,
    place: Place,
    temporary: PathBuf,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(PathBuf),
    Remote { store: Arc<dyn ObjectStore>, prefix: String },
}

/// An object that can be read as a file: itself, or a copy that is removed with this value.
#[derive(Debug)]
pub(super) enum LocalObject {
    Itself(PathBuf),
    Copy(TempPath),
}

impl LocalObject {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Itself(path) => path,
            Self::Copy(path) => path,
        }
    }
}

impl Objects {
    pub(super) fn open(location: &Location, temporary: &Path) -> std::result::Result<Self, LocationError> {
        let place = match location {
            Location::Folder(folder) => Place::Folder(folder.clone()),
            Location::S3 { bucket, prefix, options } => {
                Place::Remote { store: s3(bucket, options)?, prefix: prefix.clone() }
            }
        };
        Ok(Self { label: location.label(), place, temporary: temporary.to_owned() })
    }

    #[cfg(test)]
    pub(super) fn remote(store: Arc<dyn ObjectStore>, temporary: &Path) -> Self {
        let place = Place::Remote { store, prefix: "lake".to_owned() };
        Self { label: "s3://test".to_owned(), place, temporary: temporary.to_owned() }
    }

    pub(super) fn failed(&self, error: &dyn std::error::Error) -> LakeError {
        LakeError::Storage { place: self.label.clone(), reason: error.to_string() }
    }

    /// A file in which to write an object.
    pub(super) fn begin(&self) -> Result<NamedTempFile> {
        match &self.place {
            Place::Folder(folder) => {
                let staging = folder.join(STAGING);
                fs::create_dir_all(&staging)
                    .and_then(|()| NamedTempFile::new_in(&staging))
                    .map_err(|error| self.failed(&error))
            }
            Place::Remote { .. } => NamedTempFile::new_in(&self.temporary)
                .map_err(|source| LakeError::Temporary { folder: self.temporary.clone(), source }),
        }
    }

    /// Gives a written file its name as an object, durably; its size in bytes.
    pub(super) fn publish(&self, file: NamedTempFile, path: &str, runtime: &Handle) -> Result<u64> {
        let size = file.as_file().metadata().map_err(|error| self.failed(&error))?.len();
        match &self.place {
            Place::Folder(folder) => {
                persist(file, &folder.join(path)).map_err(|error| self.failed(&error))?;
            }
            Place::Remote { store, prefix } => {
                let target = object_path(prefix, path);
                runtime
                    .block_on(upload(store.as_ref(), &target, file.path()))
                    .map_err(|error| self.failed(error.as_ref()))?;
            }
        }
        Ok(size)
    }

    /// An object as a file. That it is missing is the segment's damage.
    pub(super) fn local(&self, path: &str, runtime: &Handle) -> Result<LocalObject> {
        let missing = || LakeError::SegmentDamaged { path: path.to_owned(), reason: "it is missing".to_owned() };
        match &self.place {
            Place::Folder(folder) => {
                let file = folder.join(path);
                if file.is_file() { Ok(LocalObject::Itself(file)) } else { Err(missing()) }
            }
            Place::Remote { store, prefix } => {
                let file = self.begin()?;
                let source = object_path(prefix, path);
                runtime.block_on(download(store.as_ref(), &source, file.as_file())).map_err(|error| {
                    match error.downcast_ref::<object_store::Error>() {
                        Some(object_store::Error::NotFound { .. }) => missing(),
                        _ => self.failed(error.as_ref()),
                    }
                })?;
                Ok(LocalObject::Copy(file.into_temp_path()))
            }
        }
    }

    /// An object, to be read piece by piece.
    pub(super) async fn reader(&self, path: &str) -> Result<Reader> {
        let (store, prefix) = self.as_store()?;
        let object = store.get(&object_path(&prefix, path)).await.map_err(|error| self.failed(&error))?;
        Ok(Reader { objects: self.clone(), pieces: object.into_stream() })
    }

    /// Deletes the objects written before `before` that `keep` does not hold; how many.
    pub(super) async fn sweep(&self, keep: impl Fn(&str) -> bool, before: Instant) -> Result<u64> {
        let (store, prefix) = self.as_store()?;
        let folder = (!prefix.is_empty()).then(|| ObjectPath::from(prefix.as_str()));
        let all: Vec<_> = store.list(folder.as_ref()).try_collect().await.map_err(|error| self.failed(&error))?;
        let mut swept = 0;
        for object in all {
            let name = object.location.as_ref();
            let path = name.strip_prefix(prefix.as_str()).unwrap_or(name).trim_start_matches('/');
            if object.last_modified < before && !keep(path) {
                match store.delete(&object.location).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => swept += 1,
                    Err(error) => return Err(self.failed(&error)),
                }
            }
        }
        Ok(swept)
    }

    /// Writes, reads and deletes a small object.
    pub(super) async fn check(&self, name: &str) -> Result<()> {
        let (store, prefix) = self.as_store()?;
        let path = object_path(&prefix, &format!("{STAGING}/{name}"));
        let payload = Bytes::from_static(b"sblocco");
        let tried = async {
            store.put(&path, PutPayload::from(payload.clone())).await?;
            let read = store.get(&path).await?.bytes().await?;
            store.delete(&path).await?;
            Ok::<_, object_store::Error>(read == payload)
        };
        match tried.await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.failed(&io::Error::other("what was written is not what was read"))),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn as_store(&self) -> Result<(Arc<dyn ObjectStore>, String)> {
        match &self.place {
            Place::Folder(folder) => {
                fs::create_dir_all(folder).map_err(|error| self.failed(&error))?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| self.failed(&error))?;
                Ok((Arc::new(store), String::new()))
            }
            Place::Remote { store, prefix } => Ok((Arc::clone(store), prefix.clone())),
        }
    }
}

/// An object that is being read.
pub(super) struct Reader {
    objects: Objects,
    pieces: BoxStream<'static, object_store::Result<Bytes>>,
}

#[async_trait]
impl ObjectReader for Reader {
    async fn next(&mut self) -> std::result::Result<Option<Vec<u8>>, PortError> {
        let piece = self.pieces.try_next().await.map_err(|error| self.objects.failed(&error))?;
        Ok(piece.map(Vec::from))
    }
}

fn object_path(prefix: &str, path: &str) -> ObjectPath {
    if prefix.is_empty() { ObjectPath::from(path) } else { ObjectPath::from(format!("{prefix}/{path}")) }
}

/// The file's bytes first, then its name, then the folders that hold the name.
fn persist(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    file.persist_noclobber(target).map_err(|error| error.error)?;
    for folder in folder.ancestors().take(3).filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

async fn upload(store: &dyn ObjectStore, target: &ObjectPath, file: &Path) -> std::result::Result<(), AnyError> {
    use tokio::io::AsyncReadExt;

    let mut source = tokio::fs::File::open(file).await?;
    let mut upload = WriteMultipart::new_with_chunk_size(store.put_multipart(target).await?, PART);
    let mut buffer = vec![0; PART];
    loop {
        let read = source.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        upload.wait_for_capacity(4).await?;
        upload.write(&buffer[..read]);
    }
    upload.finish().await?;
    Ok(())
}

async fn download(store: &dyn ObjectStore, source: &ObjectPath, file: &File) -> std::result::Result<(), AnyError> {
    use std::io::Write;

    let mut stream = store.get(source).await?.into_stream();
    let mut file = file;
    while let Some(bytes) = stream.try_next().await? {
        file.write_all(&bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use object_store::memory::InMemory;

    use super::*;

    fn begin_with(objects: &Objects, content: &[u8]) -> NamedTempFile {
        let mut file = objects.begin().unwrap();
        file.write_all(content).unwrap();
        file
    }

    /// Objects as an import and an audit use them: from a thread that is not the runtime's.
    fn round_trip(objects: &Objects, runtime: &Handle) {
        let content = vec![7; 3 * PART / 2];
        let file = begin_with(objects, &content);
        let left = file.path().to_owned();
        assert_eq!(objects.publish(file, "cli/messages/a.parquet", runtime).unwrap(), content.len() as u64);
        assert!(!left.exists(), "what was begun is not left over");
        let object = objects.local("cli/messages/a.parquet", runtime).unwrap();
        assert_eq!(fs::read(object.path()).unwrap(), content);
        let missing = objects.local("cli/messages/b.parquet", runtime);
        assert!(matches!(missing, Err(LakeError::SegmentDamaged { .. })), "{missing:?}");
    }

    #[tokio::test]
    async fn objects_come_back_from_a_folder_and_from_a_store() {
        let folder = tempfile::tempdir().unwrap();
        let temporary = tempfile::tempdir().unwrap();
        let local = Objects::open(&Location::Folder(folder.path().join("lake")), temporary.path()).unwrap();
        let remote = Objects::remote(Arc::new(InMemory::new()), temporary.path());
        for objects in [local, remote] {
            let (own, runtime) = (objects.clone(), Handle::current());
            tokio::task::spawn_blocking(move || round_trip(&own, &runtime)).await.unwrap();
            objects.check("probe").await.unwrap();
            let future = Instant::from_timestamp_micros(253_000_000_000_000_000).unwrap();
            assert_eq!(objects.sweep(|path| path == "cli/messages/a.parquet", future).await.unwrap(), 0);
            assert_eq!(objects.sweep(|_| false, future).await.unwrap(), 1);
        }
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "copies are removed");
    }

    #[test]
    fn an_object_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(&Location::Folder(folder.path().to_owned()), folder.path()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        objects.publish(begin_with(&objects, b"first"), "a", runtime.handle()).unwrap();
        let again = objects.publish(begin_with(&objects, b"second"), "a", runtime.handle());
        assert!(matches!(again, Err(LakeError::Storage { .. })), "{again:?}");
        assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"first");
    }
}
