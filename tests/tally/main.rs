//! Counts how the documented samples and the client compare. Prints a table, so it runs without the test harness.

use infusionsoft_tests::call::{Call, Documented, Sample};
use infusionsoft_tests::calls::CALLS;

/// The documents hold this many sample requests and responses: the main one 103 and 101, the second one of each.
const REQUESTS: usize = 104;
const RESPONSES: usize = 102;

fn main() {
    let count = |wanted: &dyn Fn(&Call) -> bool| CALLS.iter().filter(|call| wanted(call)).count();
    let requests = [
        ("equal", count(&|call| call.request.is_some() && !differs(call))),
        ("different, with a reason", count(&|call| call.request.is_some() && differs(call))),
        ("absent", count(&|call| call.request.is_none())),
    ];
    let responses = [
        ("equal (typed)", count(&|call| call.documented == Documented::Typed)),
        ("equal (a fault)", count(&|call| call.documented == Documented::Fault)),
        ("repaired", count(&|call| call.documented == Documented::Unreadable)),
        ("absent (supplied)", count(&|call| call.documented == Documented::Nothing)),
    ];
    print("sample requests", &requests);
    print("sample responses", &responses);
    assert_eq!(count(&|call| call.request.is_some()), REQUESTS, "every documented request is compared");
    assert_eq!(count(&|call| call.response.is_some()), RESPONSES, "every documented response is compared");
}

/// Whether the documented request has another name, number or type somewhere, for a reason that the catalog gives.
fn differs(call: &Call) -> bool {
    call.other_name || call.other_count || call.params.iter().any(|param| param.sample == Sample::OtherType)
}

fn print(what: &str, counts: &[(&str, usize)]) {
    println!("\n{what} of {} entries", CALLS.len());
    for (name, count) in counts {
        println!("  {count:4}  {name}");
    }
}
