//! Pins every entry of the catalog: its request against a snapshot and the documented sample, its documented response
//! against the typed result.

use std::collections::BTreeSet;
use std::path::Path;

use infusionsoft::ErrorKind;
use infusionsoft_tests::call::{Answered, Call, Documented, Sample};
use infusionsoft_tests::calls::CALLS;
use infusionsoft_tests::canned::Canned;
use infusionsoft_tests::for_each_call;
use infusionsoft_tests::tree::{self, Tree};

macro_rules! pin {
    ($name:ident) => {
        mod $name {
            #[test]
            fn request_is_pinned() {
                super::request(super::entry(stringify!($name)));
            }

            #[test]
            fn response_is_typed_as_documented() {
                super::response(super::entry(stringify!($name)));
            }
        }
    };
}

for_each_call!(pin);

fn entry(name: &str) -> &'static Call {
    let named = |call: &&Call| call.function.replace("().", "_") == name;
    CALLS.iter().find(named).expect("the entry is in the table")
}

/// What any reader takes for an answer to the call; the request is what counts here.
const ANSWER: &str = "<methodResponse><params><param><value><nil/></value></param></params></methodResponse>";

fn request(call: &Call) {
    let transport = Canned::ok(ANSWER);
    _ = (call.call)(&transport.client());
    let sent = transport.only_sent().text();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!(call.entry, sent);
    });
    if let Some(documented) = call.request {
        assert_eq!(
            differences(call, documented, &sent),
            Vec::<String>::new(),
            "{} differs from its sample",
            call.entry
        );
    }
}

/// The differences from the documented request that the catalog gives no reason for, and the reasons without a difference.
fn differences(call: &Call, documented: &str, sent: &str) -> Vec<String> {
    let (documented, sent) = (tree::request(documented), tree::request(sent));
    assert_eq!(sent.method, call.method, "the method's name");
    let lead = usize::from(call.keyed);
    let mut found = Vec::new();
    let mut expect = |what: &str, differs: bool, reason: bool| match (differs, reason) {
        (true, false) => found.push(format!("{what} differs without a reason")),
        (false, true) => found.push(format!("{what} does not differ, but a reason is given")),
        (true, true) | (false, false) => {}
    };
    expect("the method's name", documented.method != sent.method, call.other_name);
    expect("the number of parameters", documented.params.len() != sent.params.len(), call.other_count);
    for (at, param) in call.params.iter().enumerate() {
        let (Some(theirs), Some(ours)) = (documented.params.get(at + lead), sent.params.get(at + lead)) else {
            continue;
        };
        let name = format!("parameter {at}, {:?},", param.name);
        match param.sample {
            Sample::Value => expect(&name, !same(theirs, ours), false),
            Sample::Placeholder => expect(&name, !theirs.same_shape(ours), false),
            Sample::AnyType => {}
            Sample::OtherType => expect(&name, !theirs.same_shape(ours), true),
        }
    }
    found
}

/// Equal as values: `5.00` and `5` are one double.
fn same(theirs: &Tree, ours: &Tree) -> bool {
    match (theirs, ours) {
        (Tree::Scalar(kind, theirs), Tree::Scalar(other, ours)) if kind == "double" && kind == other => {
            theirs.parse::<f64>().is_ok_and(|number| ours.parse() == Ok(number))
        }
        (theirs, ours) => theirs == ours,
    }
}

fn response(call: &Call) {
    let documented = call.response.unwrap_or_default();
    match call.documented {
        Documented::Typed => typed(call, documented),
        Documented::Fault => fault(call, documented),
        Documented::Unreadable => {
            let error = (call.call)(&Canned::ok(documented).client()).expect_err("no reader can accept it");
            assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
            assert!(error.maybe_executed() && error.body().is_some(), "{error}");
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots" }, {
                insta::assert_snapshot!(format!("{}.unreadable", call.entry), error);
            });
            let repaired = call.repaired.expect("a repaired copy stands beside it");
            match call.answered {
                Answered::Value => typed(call, repaired),
                Answered::Fault(_) => fault(call, repaired),
            }
        }
        Documented::Nothing => assert!(call.response.is_none()),
    }
}

fn typed(call: &Call, xml: &str) {
    let result = (call.call)(&Canned::ok(xml).client()).unwrap_or_else(|error| panic!("{error:?}"));
    let text = format!("{result:#?}");
    assert!(!text.contains("extra: {\n"), "{} leaves members without a field: {text}", call.entry);
    assert!(!text.contains("Unknown("), "{} has a value that no enum lists: {text}", call.entry);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!(format!("{}.result", call.entry), text);
    });
}

fn fault(call: &Call, xml: &str) {
    let error = (call.call)(&Canned::ok(xml).client()).expect_err("a fault");
    let code = error.fault().map(|fault| fault.code().as_i32());
    assert_eq!(code.map(Answered::Fault), Some(call.answered), "{error}");
    assert_eq!(error.kind(), ErrorKind::Fault);
}

#[test]
fn snapshots_are_those_of_the_entries() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("wire/snapshots");
    let files = std::fs::read_dir(folder).expect("the snapshots' folder");
    let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let found: BTreeSet<String> = names.filter(|name| !name.ends_with(".new")).collect();
    let mut expected = BTreeSet::new();
    for call in &CALLS {
        expected.insert(format!("{}.snap", call.entry));
        match (call.documented, call.answered) {
            (Documented::Unreadable, answered) => {
                expected.insert(format!("{}.unreadable.snap", call.entry));
                if answered == Answered::Value {
                    expected.insert(format!("{}.result.snap", call.entry));
                }
            }
            (Documented::Typed, _) => {
                expected.insert(format!("{}.result.snap", call.entry));
            }
            (Documented::Fault | Documented::Nothing, _) => {}
        }
    }
    assert_eq!(found.difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new(), "snapshots of no entry");
    assert_eq!(expected.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "entries without a snapshot");
}
