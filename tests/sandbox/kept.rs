//! What the sandbox says of itself: which methods keep state.

use std::collections::{BTreeMap, BTreeSet};

use infusionsoft::{Client, Credentials, Limits, record};
use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox, Server};
use infusionsoft_tests::calls::CALLS;

/// The landing page of the sandbox's documentation.
const DOCS: &str = include_str!("../../sdk/sandbox/src/lib.rs");

/// The methods that keep state, and those that do not, by service.
fn known() -> BTreeMap<&'static str, [BTreeSet<&'static str>; 2]> {
    let mut services = BTreeMap::<_, [BTreeSet<_>; 2]>::new();
    for call in &CALLS {
        let (service, method) = call.method.split_once('.').expect("a service and a method");
        services.entry(service).or_default()[usize::from(!Sandbox::keeps(call.method))].insert(method);
    }
    services
}

#[test]
fn the_landing_page_lists_what_is_kept() {
    let (_, list) = DOCS.split_once("//! # What is kept").expect("the list");
    let (list, _) = list.split_once("//! # ").expect("another part");
    let row = |line: &str| {
        let (service, kept) = line.strip_prefix("//! | `")?.strip_suffix(" |")?.split_once("` | ")?;
        Some((service.to_owned(), kept.to_owned()))
    };
    let listed: BTreeMap<String, String> = list.lines().filter_map(row).collect();
    let expected = known().into_iter().map(|(service, [kept, documented])| {
        let names: Vec<_> = kept.iter().map(|method| format!("`{method}`")).collect();
        let kept = match (kept.is_empty(), documented.is_empty()) {
            (true, _) => "none".to_owned(),
            (_, true) => "all".to_owned(),
            _ => names.join(", "),
        };
        (service.to_owned(), kept)
    });
    assert_eq!(listed, expected.collect());
}

#[test]
fn only_methods_keep_state() {
    assert!(Sandbox::keeps("ContactService.add"));
    for name in ["InvoiceService.chargeInvoice", "ContactService", "ContactService.nothing", ""] {
        assert!(!Sandbox::keeps(name), "{name}");
    }
}

/// What the landing page and `Server::start` say of the two servers.
#[test]
fn a_server_remembers_unless_it_only_answers_the_documents() {
    let add_and_load = |server: Server| {
        let credentials = Credentials::access_token(ACCESS_TOKEN);
        let builder = Client::builder().credentials(credentials).endpoint(server.url()).limits(Limits::none());
        let crm = builder.build().expect("the client can be built");
        let id = crm.contacts().add(record! { "FirstName" => "Grace" }).expect("an id");
        crm.contacts().load(id, &["FirstName"]).expect("a contact").get::<String>("FirstName").expect("a name")
    };
    assert_eq!(add_and_load(Server::with(Sandbox::new()).expect("a free port")), "Grace");
    assert_ne!(add_and_load(Server::start().expect("a free port")), "Grace");
}
