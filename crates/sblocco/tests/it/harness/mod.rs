//! A deployment in a folder, on either store, and the program as a process of its own.

mod data;
mod disk;
mod http;
mod server;
mod site;

pub(crate) use data::{CONSENTS, MESSAGES, gzip, messages, opt_ins, zst};
pub(crate) use disk::SmallDisk;
pub(crate) use http::{Answer, Http};
pub(crate) use server::{Process, signal};
pub(crate) use site::{Done, Furnished, PASSWORD, Site, block_on, program};

/// Makes each test run on both stores. The functions take a [`Site`].
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($site:ident: $type:ty) $body:block)*) => {$(
        $(#[$meta])*
        fn $name($site: $type) $body

        mod $name {
            #[test]
            fn sqlite() {
                super::$name(crate::harness::Site::sqlite());
            }

            #[test]
            fn postgres() {
                super::$name(crate::harness::Site::postgres());
            }
        }
    )*};
}
pub(crate) use on_both;

/// Asks `probe` until it gives something, for at most `seconds`.
#[track_caller]
pub(crate) fn until<T>(seconds: u64, what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(std::time::Instant::now() < end, "{what} was waited for in vain, {seconds} s");
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
}
