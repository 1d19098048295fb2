//! A Merkle log as RFC 6962 has it: leaves are only ever appended, one hash stands for all of them, and a short proof shows that a
//! leaf is among them. Whoever keeps a head can tell later whether anything before it was changed.
//!
//! A node is named by its level (leaves are level 0) and its place in the level, and is kept once all leaves under it exist; then it
//! never changes. Nothing here stores anything.

use sha2::{Digest as _, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// Before the content of a leaf, so that no inner node can pass for one.
const LEAF: u8 = 0;
/// Before the two hashes of an inner node.
const NODE: u8 = 1;

/// The values of a record as one text, each with its length before it, so that no two records have the same bytes.
pub fn record(texts: impl IntoIterator<Item = Option<String>>) -> Vec<u8> {
    let mut content = Vec::with_capacity(256);
    for text in texts {
        match text {
            Some(text) => {
                content.extend((text.len() as u64 + 1).to_be_bytes());
                content.extend(text.as_bytes());
            }
            None => content.extend(0_u64.to_be_bytes()),
        }
    }
    content
}

/// The hash of a leaf.
pub fn leaf(content: &[u8]) -> Hash {
    Sha256::new().chain_update([LEAF]).chain_update(content).finalize().into()
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([NODE]).chain_update(left).chain_update(right).finalize().into()
}

/// A node whose leaves all exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// 0 for leaves; a node of level n stands over 2^n of them.
    pub level: u8,
    /// From the left, within the level.
    pub index: u64,
}

/// A tree that grows: its size, and the greatest complete nodes under which all its leaves stand, from the left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growth {
    size: u64,
    peaks: Vec<Hash>,
}

impl Growth {
    /// Where the peaks of a tree of `size` leaves stand, from the left: one for each bit of the size.
    pub fn peaks_of(size: u64) -> Vec<Place> {
        complete(0, size)
    }

    /// The tree of `size` leaves with these peaks, as [`Growth::peaks_of`] orders them; `None` when they are not as many.
    pub fn resume(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; returns the nodes that are complete now, the leaf first.
    pub fn append(&mut self, leaf: Hash) -> Vec<(Place, Hash)> {
        let index = self.size;
        let mut completed = vec![(Place { level: 0, index }, leaf)];
        let mut hash = leaf;
        for level in 0..index.trailing_ones() as u8 {
            let Some(left) = self.peaks.pop() else { break };
            hash = parent(&left, &hash);
            completed.push((Place { level: level + 1, index: index >> (level + 1) }, hash));
        }
        self.peaks.push(hash);
        self.size += 1;
        completed
    }

    /// The hash that stands for all leaves.
    pub fn root(&self) -> Hash {
        fold(&self.peaks)
    }
}

/// Complete nodes, from the left, as one hash; of none, the hash of nothing.
fn fold(peaks: &[Hash]) -> Hash {
    let mut from_the_right = peaks.iter().rev();
    match from_the_right.next() {
        Some(last) => from_the_right.fold(*last, |hash, peak| parent(peak, &hash)),
        None => Sha256::digest([]).into(),
    }
}

/// The greatest complete nodes over the leaves from `start` to before `end`, where `start` is a multiple of the greatest of them.
fn complete(mut start: u64, end: u64) -> Vec<Place> {
    let mut places = Vec::new();
    while start < end {
        let level = (end - start).ilog2();
        places.push(Place { level: level as u8, index: start >> level });
        start += 1 << level;
    }
    places
}

/// What shows that a leaf is in a tree: the hashes beside its way to the root, from below.
pub type Proof = Vec<Hash>;

/// Which nodes make each hash of the proof for the leaf `index` among `size`; fold each list with [`assemble`].
pub fn proof_places(index: u64, size: u64) -> Vec<Vec<Place>> {
    let mut beside = Vec::new();
    let (mut start, mut end) = (0, size);
    while index < size && end - start > 1 {
        // The greatest power of two that is less than the number of leaves.
        let middle = start + (1 << (end - start - 1).ilog2());
        if index < middle {
            beside.push(complete(middle, end));
            end = middle;
        } else {
            beside.push(complete(start, middle));
            start = middle;
        }
    }
    beside.reverse();
    beside
}

/// The proof from the hashes of the nodes that [`proof_places`] names.
pub fn assemble(nodes: &[Vec<Hash>]) -> Proof {
    nodes.iter().map(|peaks| fold(peaks)).collect()
}

/// Whether `proof` shows that `leaf` is the leaf `index` of the tree of `size` leaves whose root is `root` (RFC 9162, 2.1.3.2).
pub fn proves(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = parent(beside, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = parent(&hash, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// RFC 6962, 2.1, word for word: the definition that everything else must agree with.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let middle = 1 << (many.len() - 1).ilog2();
                parent(&defined(&many[..middle]), &defined(&many[middle..]))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|number| leaf(&number.to_be_bytes())).collect()
    }

    #[test]
    fn hashes_are_those_of_the_rfc() {
        // The known answers of certificate transparency: nothing, and one empty leaf.
        assert_eq!(
            Growth::default().root()[..8],
            [0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14],
            "the root of no leaves is SHA-256 of nothing"
        );
        assert_eq!(leaf(b"")[..8], [0x6e, 0x34, 0x0b, 0x9c, 0xff, 0xb3, 0x7a, 0x98]);
    }

    #[test]
    fn a_tree_that_grows_is_the_tree_that_is_defined_and_every_leaf_is_proved_in_every_size() {
        let all = leaves(70);
        let (mut growth, mut nodes) = (Growth::default(), HashMap::new());
        for size in 1..=70_u64 {
            nodes.extend(growth.append(all[size as usize - 1]));
            let root = defined(&all[..size as usize]);
            assert_eq!((growth.size(), growth.root()), (size, root));
            let peaks = Growth::peaks_of(size).iter().map(|place| nodes[place]).collect();
            assert_eq!(Growth::resume(size, peaks), Some(growth.clone()), "{size}");
            for index in 0..size {
                let places = proof_places(index, size);
                let hashes: Vec<Vec<Hash>> =
                    places.iter().map(|peaks| peaks.iter().map(|place| nodes[place]).collect()).collect();
                let proof = assemble(&hashes);
                let leaf = all[index as usize];
                assert!(proves(leaf, index, size, &proof, &root), "{index} of {size}");
                assert!(!proves(leaf, (index + 1) % size.max(2), size, &proof, &root) || size == 1);
                let mut other = leaf;
                other[31] ^= 1;
                assert!(!proves(other, index, size, &proof, &root));
                assert!(!proves(leaf, index, size, &[&proof[..], &[leaf]].concat(), &root));
            }
        }
        assert!(!proves(all[0], 70, 70, &[], &growth.root()));
        assert_eq!(Growth::resume(3, vec![all[0]]), None);
    }
}
