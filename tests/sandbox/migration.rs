//! Files that an earlier version of the sandbox has made, or somebody else.

use infusionsoft::{Record, record};
use infusionsoft_sandbox::Sandbox;
use rusqlite::Connection;

use crate::account::client;

/// A file that goes, with its log, when this is dropped.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str) -> File {
        let folder = std::env::temp_dir().join(format!("infusionsoft-migration-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        File(folder.join("crm.sqlite"))
    }

    fn open(&self) -> std::io::Result<Sandbox> {
        Sandbox::builder().db(&self.0).build()
    }

    /// Changes the file behind the sandbox's back.
    fn change(&self, sql: &str) {
        Connection::open(&self.0).expect("the file opens").execute_batch(sql).expect("the file is changed");
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if let Some(folder) = self.0.parent() {
            std::fs::remove_dir_all(folder).ok();
        }
    }
}

#[test]
fn missing_tables_and_columns_are_added() {
    let file = File::new("grown");
    let crm = client(&file.open().expect("the file opens"));
    let ada = crm.contacts().add(record! { "FirstName" => "Ada" }).expect("the contact is added");
    crm.call_raw("DataService.addCustomField", ["Contact".into(), "Shoe".into(), "Text".into(), 1.into()])
        .expect("a field");
    crm.contacts().update(ada, record! { "_Shoe" => "left" }).expect("an update");
    drop(crm);
    file.change(
        "DROP VIEW RecurringOrderWithContact; ALTER TABLE Contact DROP COLUMN Website; DROP TABLE ContactGroup;
         DROP TABLE RecurringOrder; DROP TABLE sandbox_link; ALTER TABLE Lead DROP COLUMN StageID",
    );
    let crm = client(&file.open().expect("the file opens"));
    crm.contacts().update(ada, record! { "Website" => "https://example.com" }).expect("an update");
    let kept = crm.contacts().load(ada, &["FirstName", "Website", "_Shoe"]).expect("the contact");
    let expected = record! { "FirstName" => "Ada", "Website" => "https://example.com", "_Shoe" => "left" };
    assert_eq!(kept, expected);
    for table in ["ContactGroup", "RecurringOrderWithContact", "Lead"] {
        assert_eq!(crm.data().count(table, Record::new()).expect("a count"), 0, "{table}");
    }
    assert_eq!(crm.data().count("User", Record::new()).expect("a count"), 1, "the first user is made once");
}

#[test]
fn other_files_are_left_alone() {
    let problem = |file: &File| file.open().expect_err("a refusal").to_string();
    let foreign = File::new("foreign");
    foreign.change("CREATE TABLE Contact (Name TEXT)");
    let before = std::fs::read(&foreign.0).expect("the file");
    assert_eq!(problem(&foreign), "the database belongs to another program");
    assert_eq!(std::fs::read(&foreign.0).expect("the file"), before);
    let newer = File::new("newer");
    drop(newer.open().expect("the file opens"));
    newer.change("PRAGMA user_version = 1000");
    assert_eq!(problem(&newer), "the database was made by a later version of the sandbox");
    let text = File::new("text");
    std::fs::write(&text.0, "not a database, but a text that is long enough to be taken for one").expect("the file");
    assert!(problem(&text).starts_with("the database cannot be opened: "));
    let nowhere = Sandbox::builder().db("/nowhere/at/all/crm.sqlite").build();
    assert!(nowhere.is_err());
}
