//! The file store: what lies on the disk, and what stands in the way.

use std::fs;

use infusionsoft::{Error, ErrorKind, FileStore, TokenStore};
use proptest::prelude::*;

use crate::folder::Folder;
use crate::store::{access, put, tokens};

/// Fails to read and to change, before anybody asks for tokens; answers both texts.
#[track_caller]
fn assert_closed(store: &FileStore) -> String {
    let read = store.load().expect_err("it can't be read");
    assert_eq!(read.kind(), ErrorKind::Store, "{read:?}");
    format!("{read}; {}", assert_not_changed(store))
}

/// Fails to change, before anybody asks for tokens.
#[track_caller]
fn assert_not_changed(store: &FileStore) -> Error {
    let error = store.update(&mut |_| panic!("tokens were asked for")).expect_err("it can't be changed");
    assert_eq!(error.kind(), ErrorKind::Store, "{error:?}");
    error
}

#[test]
fn the_file_is_json_and_nothing_but_the_lock_stays_beside_it() {
    let folder = Folder::new();
    let store = FileStore::new(folder.path("tokens.json"));
    store.update(&mut |_| Ok(None)).expect("nothing goes wrong");
    assert_eq!(folder.names(), ["tokens.json.lock"]);
    put(&store, "first");
    assert_eq!(folder.names(), ["tokens.json", "tokens.json.lock"]);
    let text = fs::read_to_string(folder.path("tokens.json")).expect("the file");
    let expected = "{\n  \"access_token\": \"first\",\n  \"refresh_token\": \"refresh of first\",\n  \"expires_at\": 1800000000\n}\n";
    assert_eq!(text, expected);
    store.update(&mut |_| Err(Error::store("no luck"))).expect_err("the change failed");
    assert_eq!(folder.names(), ["tokens.json", "tokens.json.lock"]);
}

#[test]
fn a_relative_path_does_not_follow_the_working_directory() {
    assert!(FileStore::new("tokens.json").path().is_absolute());
}

#[test]
fn what_a_dead_process_left_is_cleaned_up() {
    let folder = Folder::new();
    let store = FileStore::new(folder.path("tokens.json"));
    put(&store, "first");
    for change in [Some(tokens("second")), None] {
        fs::write(folder.path("tokens.json.tmp"), "{\"access_token\":").expect("a file");
        store.update(&mut |_| Ok(change.clone())).expect("it can be written");
        assert_eq!(folder.names(), ["tokens.json", "tokens.json.lock"]);
    }
    assert_eq!(access(store.load().expect("it can be read").as_ref()), Some("second"));
}

#[test]
fn a_shorter_text_takes_the_place_of_a_longer_one() {
    let folder = Folder::new();
    let store = FileStore::new(folder.path("tokens.json"));
    for length in [100_000, 10, 30_000, 1] {
        put(&store, &"x".repeat(length));
        let loaded = store.load().expect("it can be read").expect("there are tokens");
        assert_eq!(loaded.access_token().expose().len(), length);
    }
}

#[test]
fn a_damaged_file_is_an_error_and_stays_as_it_is() {
    let folder = Folder::new();
    let path = folder.path("tokens.json");
    let store = FileStore::new(&path);
    put(&store, "canary");
    let whole = fs::read(&path).expect("the file");
    let mut damaged: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "it is empty"),
        (b" \n".to_vec(), "it is empty"),
        (vec![0; 4096], "it is not JSON at line 1, column 1"),
        (b"canary".to_vec(), "it is not JSON at line 1, column 1"),
        (b"\"canary\"".to_vec(), "access_token is missing or wrong"),
        (b"{\"access_token\":\"canary\"}".to_vec(), "refresh_token is missing or wrong"),
        (b"{\"access_token\":{\"canary\":1}}".to_vec(), "access_token is missing or wrong"),
        (b"{\"access_token\":\"canary\xff\"}".to_vec(), "it is not UTF-8"),
        ([&whole[..], b"canary"].concat(), "it is not JSON at line 6, column 1"),
        (vec![b' '; 2 << 20], "it is empty"),
    ];
    damaged.extend((1..whole.len() - 2).map(|length| (whole[..length].to_vec(), "it ends too early")));
    for (content, problem) in damaged {
        fs::write(&path, &content).expect("a file");
        let texts = assert_closed(&store);
        let expected = format!(
            "{} holds no tokens: {problem}; it is left as it is; move it away and authorize again",
            path.display()
        );
        assert_eq!(texts, format!("{expected}; {expected}"));
        assert!(fs::read(&path).expect("the file") == content, "the file was changed");
        assert_eq!(folder.names(), ["tokens.json", "tokens.json.lock"]);
    }
    fs::rename(&path, folder.path("damaged.json")).expect("it can be moved away");
    put(&store, "first");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_never_overwritten(content in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_left_alone(&content)?;
    }

    #[test]
    fn random_damage_is_never_overwritten(at in 0..90usize, bytes in prop::collection::vec(any::<u8>(), 0..8), cut in 0..12usize) {
        let whole = tokens("first").to_json();
        let whole = whole.expose().as_bytes();
        let at = at.min(whole.len());
        let rest = whole.len().min(at + cut);
        assert_left_alone(&[&whole[..at], &bytes, &whole[rest..]].concat())?;
    }
}

/// Reads the file in all ways: whatever is in it, it stays as it is, and all agree about it.
fn assert_left_alone(content: &[u8]) -> Result<(), TestCaseError> {
    let folder = Folder::new();
    let path = folder.path("tokens.json");
    fs::write(&path, content).expect("a file");
    let store = FileStore::new(&path);
    let loaded = store.load();
    let mut seen = None;
    let updated = store.update(&mut |stored| {
        seen = Some(stored);
        Ok(None)
    });
    let loaded = loaded.map_err(|error| error.to_string());
    prop_assert_eq!(&loaded, &updated.map_err(|error| error.to_string()));
    prop_assert_eq!(loaded.ok(), seen);
    prop_assert_eq!(fs::read(&path).expect("the file"), content);
    Ok(())
}

#[test]
fn a_missing_folder_is_an_error_rather_than_a_missing_authorization() {
    let folder = Folder::new();
    let path = folder.path("missing").join("tokens.json");
    let texts = assert_closed(&FileStore::new(&path));
    assert_eq!(texts, format!("cannot read {}; cannot open {}.lock", path.display(), path.display()));
    assert_closed(&FileStore::new(""));
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new();
    let texts = assert_closed(&FileStore::new(folder.path("")));
    assert!(texts.contains(" is not a file"), "{texts}");
}

#[test]
fn what_stands_in_the_way_is_met_before_tokens_are_asked_for() {
    for name in ["tokens.json.lock", "tokens.json.tmp"] {
        let folder = Folder::new();
        let store = FileStore::new(folder.path("tokens.json"));
        put(&store, "first");
        fs::remove_file(folder.path(name)).ok();
        fs::create_dir(folder.path(name)).expect("a folder");
        let error = assert_not_changed(&store);
        assert!(error.to_string().ends_with(&folder.path(name).display().to_string()), "{error}");
        assert!(std::error::Error::source(&error).is_some());
        assert_eq!(access(store.load().expect("it can be read").as_ref()), Some("first"));
    }
}

#[test]
fn tokens_that_cannot_be_stored_are_an_error_that_says_so() {
    let folder = Folder::new();
    let inner = folder.path("inner");
    fs::create_dir(&inner).expect("a folder");
    let path = inner.join("tokens.json");
    let vanishes = &mut |_| {
        fs::remove_dir_all(&inner).expect("it can be removed");
        Ok(Some(tokens("canary")))
    };
    let error = FileStore::new(&path).update(vanishes).expect_err("the folder is gone");
    assert_eq!(error.kind(), ErrorKind::Store);
    let expected = format!("cannot store the new tokens in {}; the old ones may be spent", path.display());
    assert_eq!(error.to_string(), expected);
    assert!(!format!("{error:?}").contains("canary"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("the file").permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode can be set");
    }

    #[test]
    fn nobody_else_can_read_the_files_at_any_time() {
        let folder = Folder::new();
        let store = FileStore::new(folder.path("tokens.json"));
        for (access, names) in
            [("first", &["tokens.json.lock", "tokens.json.tmp"][..]), ("second", &["tokens.json", "tokens.json.tmp"])]
        {
            let change = &mut |_| {
                for name in names {
                    assert_eq!(mode(&folder.path(name)), 0o600, "{name}");
                }
                Ok(Some(tokens(access)))
            };
            store.update(change).expect("it can be written");
        }
        assert!(folder.names().iter().all(|name| mode(&folder.path(name)) == 0o600));
    }

    #[test]
    fn a_file_that_others_can_read_gets_the_right_mode_by_the_next_change() {
        let folder = Folder::new();
        let path = folder.path("tokens.json");
        let store = FileStore::new(&path);
        put(&store, "first");
        set_mode(&path, 0o644);
        assert_eq!(access(store.load().expect("it can be read").as_ref()), Some("first"));
        put(&store, "second");
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_folder_that_is_read_only_is_met_before_tokens_are_asked_for() {
        let folder = Folder::new();
        let store = FileStore::new(folder.path("tokens.json"));
        put(&store, "first");
        set_mode(&folder.path(""), 0o500);
        // The superuser may write there all the same.
        let outcome = match fs::write(folder.path("probe"), "") {
            Ok(()) => store.update(&mut |_| Ok(None)).map(drop),
            Err(_) => {
                let error = assert_not_changed(&store);
                assert!(error.to_string().starts_with("cannot create "), "{error}");
                store.load().map(drop)
            }
        };
        set_mode(&folder.path(""), 0o700);
        outcome.expect("the tokens are still there");
    }

    #[test]
    fn a_symbolic_link_stays_one_and_shares_the_lock_with_its_target() {
        let folder = Folder::new();
        fs::create_dir(folder.path("data")).expect("a folder");
        symlink("data/tokens.json", folder.path("link")).expect("a link");
        symlink(folder.path("link"), folder.path("tokens.json")).expect("a link to the link");
        let (linked, direct) =
            (FileStore::new(folder.path("tokens.json")), FileStore::new(folder.path("data/tokens.json")));
        assert_eq!(linked.load().expect("it can be read"), None);
        put(&linked, "first");
        assert_eq!(access(direct.load().expect("it can be read").as_ref()), Some("first"));
        put(&direct, "second");
        assert_eq!(access(linked.load().expect("it can be read").as_ref()), Some("second"));
        assert_eq!(folder.names(), ["data", "link", "tokens.json"]);
        assert!(folder.path("tokens.json").is_symlink());
        assert!(folder.path("data/tokens.json.lock").is_file());
    }

    #[test]
    fn a_symbolic_link_to_itself_is_an_error() {
        let folder = Folder::new();
        symlink(folder.path("tokens.json"), folder.path("tokens.json")).expect("a link");
        let texts = assert_closed(&FileStore::new(folder.path("tokens.json")));
        assert!(texts.ends_with("is a symbolic link that leads nowhere"), "{texts}");
    }
}
