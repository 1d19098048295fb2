//! A real file system that is small and fills up.

use std::{
    fs,
    io::{BufRead as _, BufReader, ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::Site;

/// A file system of some kilobytes in memory, in a folder of a site whose commands see it. Gone when dropped.
///
/// Mounted for all where the tests run as root; elsewhere in a user namespace, which the site's commands then enter.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    folder: PathBuf,
    holder: Option<Child>,
}

const HELP: &str = "a small file system must be mounted: run the tests as root, or on a Linux where user namespaces are allowed \
                    (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0)";

impl SmallDisk {
    /// Mounts one at `name` in the site's folder.
    #[track_caller]
    pub(crate) fn mount(site: &mut Site, name: &str, kilobytes: u32) -> Self {
        let folder = site.path(name);
        fs::create_dir_all(&folder).unwrap();
        let options = format!("size={kilobytes}k,mode=0777");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Self { folder, holder: None };
        }
        let script = "mount -t tmpfs -o \"$2\" tmpfs \"$1\" && echo mounted && exec cat";
        let mut holder = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "small-disk"])
            .args([folder.as_os_str(), options.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{HELP}; unshare: {error}"));
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said.trim(), "mounted", "{HELP}");
        let target = holder.id().to_string();
        site.enter(&["nsenter", "--target", &target, "--user", "--mount", "--preserve-credentials"]);
        Self { folder, holder: Some(holder) }
    }

    /// The folder, as this process sees it.
    fn seen(&self) -> PathBuf {
        match &self.holder {
            None => self.folder.clone(),
            Some(holder) => {
                let root = PathBuf::from(format!("/proc/{}/root", holder.id()));
                root.join(self.folder.strip_prefix("/").unwrap_or(&self.folder))
            }
        }
    }

    /// Fills it up to the last `kilobytes`, with a file that [`SmallDisk::make_room`] removes; again, what has become free meanwhile.
    pub(crate) fn fill(&self, kilobytes: u64) {
        let disk = rustix::fs::statvfs(self.seen()).unwrap();
        let free = disk.f_bavail * disk.f_frsize;
        let wanted = usize::try_from(free.saturating_sub(kilobytes << 10)).unwrap();
        let ballast = fs::File::options().create(true).append(true).open(self.seen().join("ballast"));
        let filled = ballast.unwrap().write_all(&vec![0; wanted]);
        // A server that goes on writing may have been faster; then it is full all the same.
        filled.or_else(|error| if error.kind() == ErrorKind::StorageFull { Ok(()) } else { Err(error) }).unwrap();
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.seen().join("ballast")).unwrap();
    }

    /// Names in one of its folders; none where there is no such folder.
    pub(crate) fn names(&self, folder: impl AsRef<Path>) -> Vec<String> {
        let entries = fs::read_dir(self.seen().join(folder)).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// From now on nothing can be written there.
    pub(crate) fn read_only(&self) {
        let mut command = match &self.holder {
            None => Command::new("mount"),
            Some(holder) => {
                let mut enter = Command::new("nsenter");
                let target = holder.id().to_string();
                enter.args(["--target", &target, "--user", "--mount", "--preserve-credentials", "mount"]);
                enter
            }
        };
        let status = command.args(["-o", "remount,ro"]).arg(&self.folder).status().unwrap();
        assert!(status.success(), "a file system of ours can be made read-only");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Some(holder) = &mut self.holder {
            // The file system goes with the namespace's last process.
            let _ = holder.kill();
            let _ = holder.wait();
        } else {
            // Lazily: whatever process is still there must not keep it for ever.
            let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
        }
    }
}
