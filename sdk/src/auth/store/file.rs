//! Tokens in a file that processes share.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::memory::locked;
use super::{TokenStore, json};
use crate::auth::Tokens;
use crate::error::{Error, ErrorKind};

/// The greatest file that can hold tokens, in bytes. Real ones take a few hundred.
const MAX_LEN: u64 = 1 << 20;
/// How much of the disk is taken before tokens are asked for, in bytes, so that there is room for the answer.
const ROOM: usize = 16 << 10;
/// How many links a path may have to go through: as many as Linux follows.
const MAX_LINKS: usize = 40;

/// Keeps the tokens in a file, for all processes of one user on one machine.
///
/// ```no_run
/// use infusionsoft::FileStore;
///
/// let store = FileStore::new("/var/lib/shop/tokens.json");
/// ```
///
/// # The files
///
/// The file holds JSON. Its folder must be there, and the process must be allowed to make files in it, since two more live
/// beside the file:
///
/// - `tokens.json.lock` is locked while tokens are changed. It is empty and stays where it is: whoever deletes it lets two
///   processes in at once. The operating system releases the lock when a process ends in any way, so that none is ever
///   stale, and holds it as long as the process lives, so that it never expires during a slow exchange.
/// - `tokens.json.tmp` takes the new tokens, goes to the disk, and then takes the place of the file. So the file is whole at
///   any moment, with the old tokens or the new ones. One that a dead process has left is deleted at the next change.
///
/// A path that is a symbolic link is followed, and the three files live where it leads.
///
/// # Who can read it
///
/// On Unix all three files are made with mode 0600, from their first moment. A file that others can read, because somebody
/// made it so, is warned of in the log, and has the right mode again after the next change. Elsewhere a file has the rights
/// that its folder gives it, and the standard library knows no others: on Windows keep it in the user's profile.
///
/// # What goes wrong
///
/// Errors are of kind [`Store`](crate::ErrorKind::Store). A file that holds anything but tokens is an error and is never
/// overwritten; move it away and authorize again. A folder that is missing or can't be written to is an error before any
/// tokens are asked for. File systems without locks are an error too, and those of a network must lock for all machines
/// that share the file.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    /// File systems of a network can hold a lock by process, which doesn't keep its threads apart.
    turn: Mutex<()>,
}

impl FileStore {
    /// Names the file, which is made when there are tokens to keep. A relative path starts at the present working directory.
    pub fn new(path: impl Into<PathBuf>) -> FileStore {
        let path = path.into();
        // An empty path is no file's; the first use says so.
        FileStore { path: std::path::absolute(&path).unwrap_or(path), turn: Mutex::new(()) }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl TokenStore for FileStore {
    fn load(&self) -> Result<Option<Tokens>, Error> {
        // Without the lock: the file is replaced as a whole.
        read(&followed(&self.path)?)
    }

    fn update(
        &self,
        change: &mut dyn FnMut(Option<Tokens>) -> Result<Option<Tokens>, Error>,
    ) -> Result<Option<Tokens>, Error> {
        let _turn = locked(&self.turn);
        let path = followed(&self.path)?;
        let _lock = Lock::wait(&path)?;
        let tokens = read(&path)?;
        let draft = Draft::create(&path)?;
        match change(tokens.clone())? {
            Some(changed) => {
                draft.publish(changed.to_json().expose().as_bytes())?;
                Ok(Some(changed))
            }
            None => Ok(tokens),
        }
    }
}

/// Where a path leads, through symbolic links if it is one: replacing a link would part it from its target.
fn followed(path: &Path) -> Result<PathBuf, Error> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = folder(&path).join(target),
            // It isn't a link, or not there, or out of reach, which the next step meets too.
            Err(_) => return Ok(path),
        }
    }
    Err(Error::new(ErrorKind::Store, format!("{} is a symbolic link that leads nowhere", path.display())))
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// The path of a file beside another one.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// What the file holds; nothing if there is none.
fn read(path: &Path) -> Result<Option<Tokens>, Error> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // A folder that is not there is a wrong path, or a disk that isn't mounted, rather than a missing authorization.
        Err(error) if error.kind() == io::ErrorKind::NotFound && folder(path).is_dir() => return Ok(None),
        Err(error) => return Err(failed("read", path, error)),
    };
    // To open a pipe would wait for somebody to write to it.
    if !metadata.is_file() {
        return Err(Error::new(ErrorKind::Store, format!("{} is not a file", path.display())));
    }
    warn_of_readers(path, &metadata);
    match contents(path) {
        Ok(text) => match json::read(&text) {
            Ok(tokens) => Ok(Some(tokens)),
            Err(problem) => Err(damaged(path, &problem)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, error)),
    }
}

fn contents(path: &Path) -> io::Result<Vec<u8>> {
    // As one type with the body of an answer, so that the compiler translates the reading once.
    let file: Box<dyn io::Read + Send> = Box::new(File::open(path)?);
    let mut text = Vec::new();
    file.take(MAX_LEN).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(unix)]
fn warn_of_readers(path: &Path, metadata: &fs::Metadata) {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    if mode & 0o077 != 0 {
        log::warn!("others can read or write the tokens in {}: its mode is {mode:03o}, not 600", path.display());
    }
}

#[cfg(not(unix))]
fn warn_of_readers(_: &Path, _: &fs::Metadata) {}

fn damaged(path: &Path, problem: &str) -> Error {
    let what_to_do = "it is left as it is; move it away and authorize again";
    Error::new(ErrorKind::Store, format!("{} holds no tokens: {problem}; {what_to_do}", path.display()))
}

fn failed(doing: &str, path: &Path, error: io::Error) -> Error {
    Error::caused_by(ErrorKind::Store, format!("cannot {doing} {}", path.display()), error)
}

/// Makes files that nobody else can read, on systems where a file says so itself.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The only one, of all threads and processes, until it is dropped.
struct Lock(File);

impl Lock {
    fn wait(path: &Path) -> Result<Lock, Error> {
        let path = beside(path, ".lock");
        // A handle of one's own: threads that shared one would share the lock.
        let file = private().create(true).truncate(false).open(&path).map_err(|error| failed("open", &path, error))?;
        loop {
            match file.lock() {
                Ok(()) => return Ok(Lock(file)),
                // A signal was handled while it waited.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed("lock", &path, error)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough if a process was forked meanwhile that has it open too. There is nothing left to
        // do if it fails.
        self.0.unlock().ok();
    }
}

/// A file that is to take the place of another one. Only who has the lock makes one, so its name need not be unique.
struct Draft<'a> {
    target: &'a Path,
    path: PathBuf,
    file: File,
}

impl Draft<'_> {
    /// Makes the file and fills it with blanks: what goes wrong here would go wrong after the exchange.
    fn create(target: &Path) -> Result<Draft<'_>, Error> {
        let path = beside(target, ".tmp");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("remove", &path, error)),
            _ => {}
        }
        let file = private().create_new(true).open(&path).map_err(|error| failed("create", &path, error))?;
        let mut draft = Draft { target, path, file };
        match draft.file.write_all(&[b' '; ROOM]) {
            Ok(()) => Ok(draft),
            Err(error) => Err(failed("write", &draft.path, error)),
        }
    }

    /// Lets it take its place; it is on the disk when this returns.
    fn publish(mut self, text: &[u8]) -> Result<(), Error> {
        let target = self.target;
        self.replace(text).map_err(|error| {
            let message = format!("cannot store the new tokens in {}; the old ones may be spent", target.display());
            Error::caused_by(ErrorKind::Store, message, error)
        })
    }

    fn replace(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(text)?;
        self.file.set_len(text.len() as u64)?;
        self.file.sync_all()?;
        fs::rename(&self.path, self.target)?;
        sync_folder(folder(self.target))
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // It is not there if it has taken its place, and if this fails the next change deletes it.
        fs::remove_file(&self.path).ok();
    }
}

/// Brings the new name to the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // File systems that have no such thing say so.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Elsewhere a folder can't be opened, and the file system keeps a journal of names.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
