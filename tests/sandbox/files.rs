//! `FileService` on an account that remembers.

use infusionsoft::{Client, FileId, Record, record};
use infusionsoft_sandbox::Sandbox;

use crate::account::{assert_refused, client, empty, query, raw};

const COLUMNS: &[&str] = &["ContactId", "Extension", "FileName", "FileSize", "Id", "Public"];

/// All bytes, many times: a content that is no text.
fn bytes() -> Vec<u8> {
    (0..=255).cycle().take(100_001).collect()
}

/// The one row of the table of files.
fn file_box(crm: &Client) -> Record {
    let rows = query(crm, "FileBox", Record::new(), COLUMNS).expect("the query is answered");
    <[Record; 1]>::try_from(rows).expect("one file").into_iter().next().expect("one file")
}

fn content(crm: &Client, file: FileId) -> Vec<u8> {
    crm.files().get_file(file).expect("the file").into()
}

#[test]
fn an_uploaded_file_comes_back_byte_for_byte() {
    let (_, crm) = empty();
    let ada = crm.contacts().add(record! { "FirstName" => "Ada" }).expect("a contact");
    let file = crm.files().upload_file_for_contact(ada, "notes.tar.gz", bytes()).expect("the file is uploaded");
    assert_eq!(content(&crm, file), bytes());
    let mut downloaded = Vec::new();
    assert_eq!(crm.download(file, &mut downloaded).expect("a download"), 100_001);
    assert_eq!(downloaded, bytes());
    let row = record! {
        "ContactId" => ada, "Extension" => "gz", "FileName" => "notes.tar.gz", "FileSize" => 100_001, "Id" => file,
        "Public" => 0,
    };
    assert_eq!(file_box(&crm), row);
}

#[test]
fn a_file_need_not_belong_to_a_contact_nor_hold_anything() {
    let (_, crm) = empty();
    let file = crm.files().upload_file("empty", "").expect("the file is uploaded");
    assert_eq!(content(&crm, file), b"");
    assert_eq!(file_box(&crm), record! { "FileName" => "empty", "FileSize" => 0, "Id" => file, "Public" => 0 });
}

#[test]
fn a_file_is_renamed_and_replaced() {
    let (_, crm) = empty();
    let file = crm.files().upload_file("a.txt", "old").expect("the file is uploaded");
    assert!(crm.files().rename_file(file, "b.pdf").expect("it is renamed"));
    assert_eq!(crm.files().replace_file(file, "newer").expect("it is replaced"), file);
    assert_eq!(content(&crm, file), b"newer");
    let row = record! { "Extension" => "pdf", "FileName" => "b.pdf", "FileSize" => 5, "Id" => file, "Public" => 0 };
    assert_eq!(file_box(&crm), row);
}

#[test]
fn each_file_has_an_address_of_its_own() {
    let (_, crm) = empty();
    let url = |name| {
        let file = crm.files().upload_file(name, "x").expect("the file is uploaded");
        crm.files().get_download_url(file).expect("an address")
    };
    let (first, second) = (url("a"), url("b"));
    assert!(first.starts_with("https://example.com/"), "{first}");
    assert_ne!(first, second);
}

#[test]
fn unknown_files_and_contacts_are_refused() {
    let (_, crm) = empty();
    let (files, file) = (crm.files(), FileId(9));
    let message = "[RecordNotFound]Record not found: FileBox 9";
    assert_refused(files.get_file(file), 5, message);
    assert_refused(crm.download(file, Vec::new()), 5, message);
    assert_refused(files.get_download_url(file), 5, message);
    assert_refused(files.rename_file(file, "a"), 5, message);
    assert_refused(files.replace_file(file, "a"), 5, message);
    let contact = "[RecordNotFound]Record not found: Contact 9";
    assert_refused(files.upload_file_for_contact(9.into(), "a", "b"), 5, contact);
    assert_eq!(crm.data().count("FileBox", Record::new()).expect("a count"), 0);
}

#[test]
fn content_may_be_broken_into_lines_and_must_be_base64() {
    let (_, crm) = empty();
    let upload = |content: &str| raw(&crm, "FileService.uploadFile", ["a".into(), content.into()]);
    let file = upload("aGVs\r\nbG8=\n").expect("the file is uploaded").to::<FileId>().expect("an id");
    assert_eq!(content(&crm, file), b"hello");
    assert_refused(upload("h.ello"), 12, "[InvalidParameter]The file's content is not base64");
}

#[test]
fn files_live_as_long_as_the_database() {
    let folder = std::env::temp_dir().join(format!("infusionsoft-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let open = || client(&Sandbox::builder().db(folder.join("crm.sqlite")).build().expect("the database opens"));
    let file = open().files().upload_file("a.bin", bytes()).expect("the file is uploaded");
    let kept = content(&open(), file);
    std::fs::remove_dir_all(&folder).ok();
    assert_eq!(kept, bytes());
}

#[test]
fn a_merged_contact_hands_its_files_over() {
    let (_, crm) = empty();
    let add = |name: &str| crm.contacts().add(record! { "FirstName" => name }).expect("a contact");
    let (kept, duplicate) = (add("Ada"), add("ada"));
    crm.files().upload_file_for_contact(duplicate, "a.txt", "x").expect("the file is uploaded");
    crm.contacts().merge(kept, duplicate).expect("a merge");
    assert_eq!(file_box(&crm).get::<i32>("ContactId").expect("a contact"), kept.0);
}
