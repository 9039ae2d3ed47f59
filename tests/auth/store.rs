//! What every token store does, and how threads share one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use infusionsoft::{Error, ErrorKind, FileStore, MemoryStore, TokenStore, Tokens};

use crate::folder::Folder;

/// No step takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn tokens(access: &str) -> Tokens {
    Tokens::new(access, format!("refresh of {access}"), UNIX_EPOCH + Duration::from_secs(1_800_000_000))
}

/// Puts tokens into a store, whatever is in it.
pub(crate) fn put(store: &dyn TokenStore, access: &str) {
    store.update(&mut |_| Ok(Some(tokens(access)))).expect("the tokens are stored");
}

pub(crate) fn access(tokens: Option<&Tokens>) -> Option<&str> {
    tokens.map(|tokens| tokens.access_token().expose())
}

/// Counts one further, in the access token.
pub(crate) fn count(stored: Option<Tokens>) -> Result<Option<Tokens>, Error> {
    let number: usize = access(stored.as_ref()).map_or(0, |text| text.parse().expect("a number"));
    Ok(Some(tokens(&(number + 1).to_string())))
}

fn boxed(store: impl TokenStore + 'static) -> impl TokenStore {
    Box::new(store) as Box<dyn TokenStore>
}

fn each_store(test: impl Fn(&dyn TokenStore)) {
    test(&MemoryStore::new());
    test(&boxed(MemoryStore::new()));
    let folder = Folder::new();
    test(&FileStore::new(folder.path("tokens.json")));
}

#[test]
fn a_store_keeps_what_a_change_answers() {
    each_store(|store| {
        assert_eq!(store.load().expect("it can be read"), None);
        let unchanged = store.update(&mut |stored| {
            assert_eq!(stored, None);
            Ok(None)
        });
        assert_eq!(unchanged.expect("nothing goes wrong"), None);
        assert_eq!(store.load().expect("it can be read"), None);

        let changed = store.update(&mut |_| Ok(Some(tokens("first")))).expect("it can be written");
        assert_eq!(changed, Some(tokens("first")));
        assert_eq!(store.load().expect("it can be read"), Some(tokens("first")));

        let unchanged = store.update(&mut |stored| {
            assert_eq!(stored, Some(tokens("first")));
            Ok(None)
        });
        assert_eq!(unchanged.expect("nothing goes wrong"), Some(tokens("first")));
        put(store, "second");
        assert_eq!(store.load().expect("it can be read"), Some(tokens("second")));
    });
}

#[test]
fn a_change_that_fails_leaves_the_store_as_it_is() {
    each_store(|store| {
        put(store, "first");
        let failed = store.update(&mut |_| Err(Error::store("no luck"))).expect_err("the change failed");
        assert_eq!(std::error::Error::source(&failed).expect("the cause").to_string(), "no luck");
        assert_eq!(store.load().expect("it can be read"), Some(tokens("first")));
    });
}

#[test]
fn a_change_that_panics_leaves_the_store_as_it_is_and_open() {
    each_store(|store| {
        put(store, "first");
        let update = || store.update(&mut |_| panic!("on purpose"));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(update));
        assert!(panicked.is_err());
        assert_eq!(store.load().expect("it can be read"), Some(tokens("first")));
        put(store, "second");
    });
}

#[test]
fn who_only_reads_does_not_wait_for_a_change() {
    each_store(|store| {
        put(store, "first");
        let changed = store.update(&mut |_| {
            let (sender, receiver) = mpsc::channel();
            thread::scope(|scope| {
                scope.spawn(move || sender.send(store.load().expect("it can be read")));
                let loaded = receiver.recv_timeout(PATIENCE).expect("the store can be read meanwhile");
                assert_eq!(loaded, Some(tokens("first")));
            });
            Ok(Some(tokens("second")))
        });
        assert_eq!(access(changed.expect("it can be written").as_ref()), Some("second"));
    });
}

/// Lets eight threads count in as many stores, and fails if two ever do so at once.
fn count_by_threads(stores: Vec<Box<dyn TokenStore>>) {
    const TURNS: usize = 25;
    let inside = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = stores
        .into_iter()
        .map(|store| {
            let inside = Arc::clone(&inside);
            thread::spawn(move || {
                let mut alone = |stored| {
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two are in");
                    thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    count(stored)
                };
                for _ in 0..TURNS {
                    store.update(&mut alone).expect("the count is stored");
                }
                store
            })
        })
        .collect();
    let stores: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
    let total = (stores.len() * TURNS).to_string();
    assert_eq!(access(stores[0].load().expect("it can be read").as_ref()), Some(total.as_str()));
}

#[test]
fn threads_change_memory_one_by_one() {
    let store = MemoryStore::new();
    count_by_threads((0..8).map(|_| Box::new(store.clone()) as Box<dyn TokenStore>).collect());
}

#[test]
fn threads_change_a_file_one_by_one_even_if_each_has_its_own_store() {
    let folder = Folder::new();
    let store = |_| Box::new(FileStore::new(folder.path("tokens.json"))) as Box<dyn TokenStore>;
    count_by_threads((0..8).map(store).collect());
}

#[test]
fn no_store_shows_a_token() {
    let folder = Folder::new();
    let (memory, file) = (MemoryStore::from(tokens("canary")), FileStore::new(folder.path("tokens.json")));
    put(&file, "canary");
    let shown = format!("{memory:?} {file:?} {:?} {:?}", memory.load(), file.load());
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn tokens_go_through_json_whole() {
    let expires_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let odd = Tokens::new("a\"\\\u{1}é", "b", expires_at);
    let json = odd.to_json();
    let read = Tokens::from_json(json.expose()).expect("it is what was written");
    assert_eq!((&read, read.expires_at()), (&odd, expires_at));
    for text in ["", "{", "[]", "\"canary\"", "{\"access_token\":\"canary\"}", "canary"] {
        let error = Tokens::from_json(text).expect_err("these are no tokens");
        assert_eq!(error.kind(), ErrorKind::Store);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}
