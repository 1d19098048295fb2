//! Ids of messages, kept apart from the rows: they differ in every row, and are looked at only for evidence, and to order
//! messages that were sent in the same instant.

use std::sync::{Mutex, PoisonError};

use super::chunks::{Chunk, ChunkStore};
use crate::error::{LakeError, Result};

/// Gives the ids of messages that rows do not carry, by their places.
pub(crate) trait MessageIds: Sync {
    fn ids(&self, places: &[u64]) -> Result<Vec<Vec<u8>>>;
}

/// Of rows that carry their ids.
pub(crate) struct Carried;

impl MessageIds for Carried {
    fn ids(&self, places: &[u64]) -> Result<Vec<Vec<u8>>> {
        Ok(vec![Vec::new(); places.len()])
    }
}

/// Bytes of a block, and bits of a place within it.
const BLOCK: usize = 1 << OFFSET_BITS;
const OFFSET_BITS: u32 = 18;

/// Keeps ids.
#[derive(Debug)]
pub(crate) struct IdStore {
    store: ChunkStore,
    blocks: Mutex<Vec<Option<Chunk>>>,
}

/// One thread's way into the store.
#[derive(Debug)]
pub(crate) struct IdWriter<'s> {
    store: &'s IdStore,
    block: usize,
    bytes: Vec<u8>,
}

impl IdStore {
    /// A store over one for chunks.
    pub(crate) fn new(store: ChunkStore) -> Self {
        Self { store, blocks: Mutex::default() }
    }

    pub(crate) fn writer(&self) -> IdWriter<'_> {
        IdWriter { store: self, block: self.new_block(), bytes: Vec::with_capacity(BLOCK) }
    }

    fn blocks(&self) -> std::sync::MutexGuard<'_, Vec<Option<Chunk>>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_block(&self) -> usize {
        let mut blocks = self.blocks();
        blocks.push(None);
        blocks.len() - 1
    }

    fn damaged(&self) -> LakeError {
        LakeError::TemporaryDamaged { folder: self.store.folder().to_owned() }
    }
}

impl IdWriter<'_> {
    /// Keeps an id and tells its place. Ids are at most 512 bytes long.
    pub(crate) fn put(&mut self, id: &[u8]) -> Result<u64> {
        if self.bytes.len() + 2 + id.len() > BLOCK {
            self.flush()?;
            self.block = self.store.new_block();
        }
        let place = (self.block as u64) << OFFSET_BITS | self.bytes.len() as u64;
        self.bytes.extend_from_slice(&(id.len() as u16).to_le_bytes());
        self.bytes.extend_from_slice(id);
        Ok(place)
    }

    /// What was put can be read from now on.
    pub(crate) fn flush(&mut self) -> Result<()> {
        let chunk = self.store.store.store(&mut self.bytes)?;
        self.bytes.clear();
        self.bytes.reserve(BLOCK);
        self.store.blocks()[self.block] = Some(chunk);
        Ok(())
    }
}

impl MessageIds for IdStore {
    fn ids(&self, places: &[u64]) -> Result<Vec<Vec<u8>>> {
        let blocks = self.blocks();
        let id = |&place: &u64| -> Result<Vec<u8>> {
            let chunk = blocks.get((place >> OFFSET_BITS) as usize).and_then(Option::as_ref);
            let chunk = chunk.ok_or_else(|| self.damaged())?;
            let at = (place & (BLOCK as u64 - 1)) as usize;
            let mut length = [0; 2];
            self.store.read(chunk, at, &mut length)?;
            let mut id = vec![0; usize::from(u16::from_le_bytes(length))];
            self.store.read(chunk, at + 2, &mut id)?;
            Ok(id)
        };
        places.iter().map(id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_from_memory_and_from_disk() {
        let folder = tempfile::tempdir().unwrap();
        for limit in [0, BLOCK + BLOCK / 2, usize::MAX] {
            let store = IdStore::new(ChunkStore::new(folder.path(), limit));
            let (mut one, mut other) = (store.writer(), store.writer());
            let ids: Vec<Vec<u8>> = (0..30_000).map(|n| format!("wamid.{n:0width$}", width = n % 40).into()).collect();
            let mut places = Vec::new();
            for (n, id) in ids.iter().enumerate() {
                places.push(if n % 3 == 0 { one.put(id).unwrap() } else { other.put(id).unwrap() });
            }
            one.flush().unwrap();
            other.flush().unwrap();
            assert_eq!(store.ids(&places).unwrap(), ids);
        }
        assert!(IdStore::new(ChunkStore::new(folder.path(), 0)).ids(&[7]).is_err());
    }
}
