//! The sandbox reads and dispatches calls as strictly as the real server, and as leniently.

use crate::calls::{KEY, LOAD, assert_fault, assert_reached, call, with};
use crate::http::{Answer, post, start};

/// The arguments of `DataService.query`, with a struct in place 4.
const QUERY: &[&str] = &[
    KEY,
    "Contact",
    "<int>10</int>",
    "<int>0</int>",
    "<struct><member><name>Id</name><value><int>18</int></value></member></struct>",
    "<array><data><value><string>Id</string></value></data></array>",
];
/// The arguments of `InvoiceService.addOrderItem`, with a double in place 4.
const ITEM: &[&str] =
    &[KEY, "<int>1</int>", "<int>2</int>", "<int>3</int>", "<double>5</double>", "<int>1</int>", "a", "b"];

#[track_caller]
fn assert_unreadable(answer: &Answer, reason: &str) {
    assert_fault(answer, 0, &format!("Failed to parse XML-RPC request: {reason}"));
}

#[test]
fn answers_the_sample_of_the_method() {
    let server = start();
    let answer = post(&server, call("ContactService.load", LOAD));
    assert_reached(&answer, "ContactService.load");
    assert!(answer.head.contains("content-type: text/xml; charset=UTF-8"), "{}", answer.head);
    let sample = include_str!("../../catalog/samples/ContactService.load.response.xml");
    assert_eq!(answer.body, sample);
}

#[test]
fn wants_the_key_as_a_string_even_with_a_token() {
    let server = start();
    assert_fault(
        &post(&server, call("ContactService.load", &LOAD[1..])),
        0,
        "No method matching arguments: java.lang.Integer, [Ljava.lang.Object;",
    );
    assert_fault(
        &post(&server, call("ContactService.load", &with(LOAD, 0, "<int>1</int>"))),
        0,
        "No method matching arguments: java.lang.Integer, java.lang.Integer, [Ljava.lang.Object;",
    );
}

#[test]
fn some_methods_have_no_key() {
    let server = start();
    assert_reached(&post(&server, call("DataService.getUserInfo", &[])), "DataService.getUserInfo");
    assert_reached(&post(&server, call("DataService.echo", &["hello"])), "DataService.echo");
    assert_fault(
        &post(&server, call("DataService.echo", &[KEY, "hello"])),
        0,
        "No method matching arguments: java.lang.String, java.lang.String",
    );
}

#[test]
fn refuses_names_that_it_does_not_know() {
    let server = start();
    for name in ["X.y", "ContactService", "contactservice.load", ""] {
        assert_fault(&post(&server, call(name, &[KEY])), 0, &format!("No such handler: {name}"));
    }
    assert_fault(&post(&server, call("&lt;a&amp;b&#13;c\u{e9}", &[])), 0, "No such handler: &lt;a&amp;b&#13;c\u{e9}");
}

#[test]
fn names_the_java_types_of_what_was_sent() {
    let server = start();
    let sent = [
        "x",
        "<i4>1</i4>",
        "<double>1</double>",
        "<boolean>1</boolean>",
        "<dateTime.iso8601>20150719T19:53:56</dateTime.iso8601>",
        "<base64>QWRh\nTG92ZQ==</base64>",
        "<array><data/></array>",
        "<struct/>",
    ];
    assert_fault(
        &post(&server, call("ContactService.load", &sent)),
        0,
        "No method matching arguments: java.lang.String, java.lang.Integer, java.lang.Double, java.lang.Boolean, \
         java.util.Date, [B, [Ljava.lang.Object;, java.util.Map",
    );
    assert_fault(&post(&server, call("ContactService.load", &[])), 0, "No method matching arguments: ");
}

#[test]
fn dispatches_overloads_by_count_and_type() {
    let server = start();
    let file = [KEY, "<int>10</int>", "a.pdf", "QWRh"];
    assert_reached(
        &post(&server, call("FileService.uploadFile", &file)),
        "FileService.uploadFile.uploadFileForContact",
    );
    assert_reached(&post(&server, call("FileService.uploadFile", &[KEY, "a.pdf", "QWRh"])), "FileService.uploadFile");
    let card = "InvoiceService.validateCreditCard";
    let existing = post(&server, call(card, &[KEY, "<int>7</int>"]));
    assert_reached(&existing, "InvoiceService.validateCreditCard.validateExistingCreditCard");
    assert_reached(&post(&server, call(card, &[KEY, "<struct/>"])), card);
}

#[test]
fn takes_trailing_parameters_or_leaves_them() {
    let server = start();
    let ordered = [QUERY, &["Id", "<boolean>1</boolean>"]].concat();
    assert_reached(&post(&server, call("DataService.query", QUERY)), "DataService.query");
    assert_reached(&post(&server, call("DataService.query", &ordered)), "DataService.query");
    let more = [ordered.as_slice(), &["x"]].concat();
    for wrong in [&QUERY[..5], &ordered[..7], more.as_slice()] {
        let answer = post(&server, call("DataService.query", wrong));
        assert!(answer.body.contains("No method matching arguments: java.lang.String, "), "{}", answer.body);
    }
}

#[test]
fn an_integer_is_no_double_and_a_number_in_a_string_is_no_integer() {
    let server = start();
    let item = |values: &[&str]| post(&server, call("InvoiceService.addOrderItem", values));
    assert_reached(&item(ITEM), "InvoiceService.addOrderItem");
    let long = "<double>19.989999999999998436805981327781479083526611328125</double>";
    assert_reached(&item(&with(ITEM, 4, long)), "InvoiceService.addOrderItem");
    let types = |price: &str| {
        let (string, int) = ("java.lang.String", "java.lang.Integer");
        format!("No method matching arguments: {string}, {int}, {int}, {int}, {price}, {int}, {string}, {string}")
    };
    assert_fault(&item(&with(ITEM, 4, "<int>5</int>")), 0, &types("java.lang.Integer"));
    assert_fault(&item(&with(ITEM, 4, "5")), 0, &types("java.lang.String"));
    let load = post(&server, call("ContactService.load", &with(LOAD, 1, "<string>18</string>")));
    assert_fault(&load, 0, "No method matching arguments: java.lang.String, java.lang.String, [Ljava.lang.Object;");
}

#[test]
fn arrays_match_by_their_elements() {
    let server = start();
    let numbers = "<array><data><value>Id</value><value><int>1</int></value></data></array>";
    assert_fault(
        &post(&server, call("ContactService.load", &with(LOAD, 2, numbers))),
        0,
        "No method matching arguments: java.lang.String, java.lang.Integer, [Ljava.lang.Object;",
    );
}

#[test]
fn an_empty_array_stands_for_an_empty_struct() {
    let server = start();
    for empty in ["<array><data/></array>", "<array><data>\n</data></array>", "<struct/>", "<struct></struct>"] {
        assert_reached(&post(&server, call("DataService.query", &with(QUERY, 4, empty))), "DataService.query");
    }
    let full = "<array><data><value>x</value></data></array>";
    let answer = post(&server, call("DataService.query", &with(QUERY, 4, full)));
    assert!(answer.body.contains("No method matching arguments: "), "{}", answer.body);
}

#[test]
fn takes_the_id_of_a_template_as_text() {
    let server = start();
    let template = |id| post(&server, call("APIEmailService.getEmailTemplate", &[KEY, id]));
    assert_reached(&template("<int>3649</int>"), "APIEmailService.getEmailTemplate");
    assert_reached(&template("<string>3649</string>"), "APIEmailService.getEmailTemplate");
    assert_fault(&template("x"), 0, "No method matching arguments: java.lang.String, java.lang.String");
}

#[test]
fn reads_every_way_in_which_clients_write() {
    let server = start();
    let load = |values: &[&str]| post(&server, call("ContactService.load", values));
    let data = |item: &str| format!("<array> <data>\n{item}</data>\n</array>");
    for item in [
        "",
        "<value/>",
        "<value></value>",
        "<value><string/></value>",
        "<value><string></string></value>",
        "<value> \n<string>Id</string>\t</value>",
        "<value><![CDATA[<b>]]> &amp; <![CDATA[]]></value>",
        "<value>Zo&#235;&#x20;&lt;&gt;&quot;&apos;</value>",
        "<value>a<!-- comment -->b<?instruction?></value>",
    ] {
        assert_reached(&load(&with(LOAD, 2, &data(item))), "ContactService.load");
    }
    for int in ["<int>18</int>", "<i4>18</i4>", " <i4> 18\n</i4> ", "<int>+18</int>", "<int>-2147483648</int>"] {
        assert_reached(&load(&with(LOAD, 1, int)), "ContactService.load");
    }
}

#[test]
fn reads_every_declaration() {
    let server = start();
    let body = "<methodCall><methodName>DataService.echo</methodName><params><param><value>Zo\u{e9}</value></param></params></methodCall>";
    for declaration in [
        "",
        "\u{feff}",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0' encoding='utf-8'?>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n",
    ] {
        assert_reached(&post(&server, format!("{declaration}{body}")), "DataService.echo");
    }
    let latin_1: Vec<u8> = format!("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>{body}")
        .chars()
        .map(|character| u8::try_from(u32::from(character)).expect("a character of Latin 1"))
        .collect();
    assert_reached(&post(&server, latin_1), "DataService.echo");
    let bare = "<methodCall><methodName> DataService.getUserInfo\n</methodName></methodCall>";
    assert_reached(&post(&server, bare), "DataService.getUserInfo");
}

#[test]
fn refuses_nil_and_types_that_do_not_exist() {
    let server = start();
    let load = |value| post(&server, call("ContactService.load", &[value]));
    assert_unreadable(&load("<nil/>"), "Unknown type: nil");
    assert_unreadable(&load("<ex:nil xmlns:ex='urn:ex'/>"), "Unknown type: nil");
    assert_unreadable(&load("<array><data><value><nil/></value></data></array>"), "Unknown type: nil");
    assert_unreadable(&load("<i8>1</i8>"), "Unknown type: i8");
    assert_unreadable(&load("<Int>1</Int>"), "Unknown type: Int");
}

#[test]
fn refuses_values_that_are_not_of_their_type() {
    let server = start();
    for (kind, word, values) in [
        ("int", "integer", &["1234567890123456", "2147483648", "", "1.0", "0x1", "1 2", "\u{663}"][..]),
        ("double", "double", &["", ".", "NaN", "inf", "Infinity", "1,5", "1e999", "1e", "0x1p3"]),
        ("boolean", "boolean", &["", "2", "true", "false", "-1", "01"]),
        ("base64", "base64", &["?", "A", "QQ=", "Q=Q=", "\u{e9}"]),
        (
            "dateTime.iso8601",
            "date",
            &[
                "",
                "20150719",
                "2015-07-19T19:53:56",
                "20150719T19:53:56Z",
                "20151319T19:53:56",
                "20150732T19:53:56",
                "20150719T24:00:00",
                "20150719T19:60:00",
                "20150719T19:53:99",
                "20150719 19:53:56",
            ],
        ),
    ] {
        for value in values {
            let answer = post(&server, call("ContactService.load", &[&format!("<{kind}>{value}</{kind}>")]));
            assert_unreadable(&answer, &format!("Failed to parse {word} value: {value}"));
        }
    }
}

#[test]
fn refuses_what_is_not_a_call() {
    let server = start();
    for body in [
        "",
        " ",
        "hello",
        "{}",
        "<methodCall>",
        "<methodCall/>",
        "<methodResponse/>",
        "<methodCall><methodName>a</methodName><params/><params/></methodCall>",
        "<methodCall><params/><methodName>a</methodName></methodCall>",
        "<methodCall>x<methodName>a</methodName></methodCall>",
        "<methodCall><methodName><b>a</b></methodName></methodCall>",
        "<methodCall><methodName>a</methodName><params><value>1</value></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><param/></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><param><value/><value/></param></params></methodCall>",
        "<methodCall><methodName>a</methodName></methodCall><methodCall/>",
        "<!DOCTYPE a><methodCall><methodName>a</methodName></methodCall>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><methodCall><methodName>&b;</methodName></methodCall>",
        "<methodCall><methodName>&nbsp;</methodName></methodCall>",
        "<methodCall><methodName>&#11;</methodName></methodCall>",
        "<methodCall><methodName>\u{1}</methodName></methodCall>",
    ] {
        assert!(unreadable(&post(&server, body)), "{body}");
    }
    assert!(unreadable(&post(&server, b"<methodCall><methodName>\xff</methodName></methodCall>")));
    for value in [
        "text<int>1</int>",
        "<int>1</int><int>2</int>",
        "<int><b/></int>",
        "<string>a<b/></string>",
        "<array/>",
        "<array><data/><data/></array>",
        "<array><data><int>1</int></data></array>",
        "<array><data>x</data></array>",
        "<struct>x</struct>",
        "<struct><value/></struct>",
        "<struct><member/></struct>",
        "<struct><member><name>a</name></member></struct>",
        "<struct><member><value/><name>a</name></member></struct>",
        "<struct><member><name>a</name><value/><value/></member></struct>",
        "<struct><member><name>a</name><value/></member><member><name>a</name><value/></member></struct>",
    ] {
        assert!(unreadable(&post(&server, call("a", &[value]))), "{value}");
    }
}

fn unreadable(answer: &Answer) -> bool {
    answer.status == 200 && answer.body.contains("<value>Failed to parse XML-RPC request: ")
}

#[test]
fn bounds_the_depth() {
    let server = start();
    let nested = |levels: usize| {
        let (open, close) = ("<array><data><value>".repeat(levels), "</value></data></array>".repeat(levels));
        post(&server, call("X.y", &[&format!("{open}x{close}")]))
    };
    assert_fault(&nested(64), 0, "No such handler: X.y");
    assert_unreadable(&nested(65), "Too many levels");
    assert_unreadable(&nested(10_000), "Too many levels");
}
