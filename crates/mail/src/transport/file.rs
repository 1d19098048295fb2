//! Messages as files, for whoever has no mail server: one `.eml` each, which mail programs open.

use std::path::PathBuf;

use async_trait::async_trait;

use super::{SendError, Transport};
use crate::Message;

/// Writes each message into a folder, under its id: the same message is the same file.
#[derive(Debug, Clone)]
pub struct FileTransport {
    folder: PathBuf,
}

impl FileTransport {
    /// Into `folder`, which is made when the first message comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

#[async_trait]
impl Transport for FileTransport {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let bytes = message.build()?.formatted();
        let name: String =
            message.id.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect();
        let path = self.folder.join(format!("{name}.eml"));
        // Whole or not at all: whoever looks into the folder finds no half mail.
        let unfinished = path.with_extension("part");
        self.check().await?;
        tokio::fs::write(&unfinished, bytes).await.map_err(|_| SendError::Folder)?;
        tokio::fs::rename(&unfinished, &path).await.map_err(|_| SendError::Folder)
    }

    async fn check(&self) -> Result<(), SendError> {
        let mut folder = tokio::fs::DirBuilder::new();
        folder.recursive(true);
        // Mails hold personal data, and codes.
        #[cfg(unix)]
        folder.mode(0o700);
        folder.create(&self.folder).await.map_err(|_| SendError::Folder)
    }
}
