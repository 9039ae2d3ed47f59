//! The one place that changes the disk: it writes what changed, deletes orphans, or only compares.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What differs between the files on disk and the generated ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files to write, with what is on disk now.
    pub stale: BTreeMap<PathBuf, String>,
    /// Generated files that nothing generates any more.
    pub orphans: BTreeSet<PathBuf>,
}

impl Changes {
    /// Whether the disk is as it should be.
    pub fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.orphans.is_empty()
    }
}

/// What the generated Rust starts with.
const MARK: &str = "// @generated";

/// Compares the generated files with those below `root`.
///
/// # Errors
///
/// If a folder or file can't be read, or if Rust that is not generated stands where it would be overwritten or deleted.
pub fn compare(root: &Path, files: &BTreeMap<PathBuf, String>) -> io::Result<Changes> {
    let mut changes = Changes::default();
    for (path, text) in files {
        let on_disk = match fs::read_to_string(root.join(path)) {
            Ok(on_disk) => on_disk,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
        };
        if on_disk != *text {
            if !on_disk.is_empty() && is_rust(path) && !on_disk.starts_with(MARK) {
                return Err(written_by_hand(path));
            }
            changes.stale.insert(path.clone(), on_disk);
        }
    }
    for folder in files.keys().filter_map(|path| generated(path)).collect::<BTreeSet<_>>() {
        orphans(root, folder, files, &mut changes.orphans)?;
    }
    Ok(changes)
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn written_by_hand(path: &Path) -> io::Error {
    let advice = "move it out of the way, or change `outputs` in api.yaml";
    io::Error::other(format!("{} is not generated, so it stays: {advice}", path.display()))
}

/// The outermost folder called `generated` that a file stands in: everything below it is ours.
fn generated(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).filter(|folder| folder.ends_with("generated")).last()
}

fn orphans(
    root: &Path,
    folder: &Path,
    files: &BTreeMap<PathBuf, String>,
    found: &mut BTreeSet<PathBuf>,
) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            orphans(root, &path, files, found)?;
        } else if is_rust(&path) && !files.contains_key(&path) {
            if !fs::read_to_string(root.join(&path))?.starts_with(MARK) {
                return Err(written_by_hand(&path));
            }
            found.insert(path);
        }
    }
    Ok(())
}

/// Makes the disk as it should be.
///
/// # Errors
///
/// If a file can't be written or deleted.
pub fn write(root: &Path, files: &BTreeMap<PathBuf, String>, changes: &Changes) -> io::Result<()> {
    for path in changes.stale.keys() {
        let target = root.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(target, files.get(path).map(String::as_str).unwrap_or_default())?;
    }
    changes.orphans.iter().try_for_each(|path| fs::remove_file(root.join(path)))
}
