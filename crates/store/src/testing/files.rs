//! The folder that all test processes of a checkout share, and its lock.

use std::{
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    time::Duration,
};

/// Times that the lock is tried, and the pause between: a server and a template are made in seconds.
const ATTEMPTS: u32 = 1_200;
const PAUSE: Duration = Duration::from_millis(50);

/// A folder in the temporary folder, for this target folder and user.
pub(super) fn shared_folder() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    // …/target/debug/deps/store-0123456789abcdef
    std::env::current_exe().ok().and_then(|path| path.parent().map(Path::to_owned)).hash(&mut hasher);
    std::env::var_os("USER").hash(&mut hasher);
    // Short: the path of a socket has about 100 characters at most.
    let folder = std::env::temp_dir().join(format!("sblocco-test-{:012x}", hasher.finish() & 0xFFFF_FFFF_FFFF));
    fs::create_dir_all(&folder).expect("a folder can be made in the temporary folder");
    folder
}

/// Takes the lock of this name; it is given back when dropped, also by the end of the process.
pub(super) async fn lock(folder: &Path, name: &str) -> File {
    let file = File::create(folder.join(name)).expect("a file can be made in our own folder");
    for _ in 0..ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return file,
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::Error(error)) => panic!("{} cannot be locked: {error}", folder.display()),
        }
    }
    panic!("another test process has held the lock in {} for a minute", folder.display());
}
