//! The rules of reading by the declared type, as generated functions and raw calls show them.
//!
//! A rule is a declared type, a document and the outcome. The document is the content of a value, or, in parentheses,
//! that of the only param; `¶` is a line feed, `§` a carriage return.

use std::fmt::Debug;

use infusionsoft::{
    Client, ContactId, Error, ErrorKind, FileId, InvoiceId, MergeContext, PaymentDetails, ProductId, Record, TagId,
};
use infusionsoft_tests::canned::Canned;

use super::{problem, response};

/// Calls a function whose result is declared so.
fn outcome(declared: &str, client: &Client) -> String {
    let payment =
        || client.invoices().get_payments(InvoiceId(1)).map(|payments: Vec<PaymentDetails>| payments[0].clone());
    match declared {
        "any" => show(client.call_raw("X.y", [])),
        "bool" => show(client.contacts().add_to_group(ContactId(1), TagId(2))),
        "id" => show(client.contacts().add(Record::new())),
        "int" => show(client.products().get_inventory(ProductId(1))),
        "double" => show(client.invoices().calculate_amount_owed(InvoiceId(1))),
        "string" => show(client.data().echo("")),
        "bytes" => show(client.files().get_file(FileId(1)).map(|bytes| bytes.to_vec())),
        "strings" => show(client.emails().get_available_merge_fields(MergeContext::Contact)),
        "opt" => show(client.emails().get_opt_status("ada@example.com")),
        "record" => show(client.contacts().load(ContactId(1), &["Id"])),
        "records" => show(client.shipping().get_all_shipping_options()),
        "map" => show(client.invoices().get_all_payment_options()),
        "ids" => show(client.web_forms().get_map()),
        "amount" => show(payment().map(|payment| payment.pay_amt)),
        "note" => show(payment().map(|payment| payment.pay_note)),
        "paid" => show(payment().map(|payment| payment.pay_date)),
        "extra" => show(payment().map(|payment| payment.extra)),
        other => panic!("no function's result is declared {other:?}"),
    }
}

fn show<T: Debug>(result: Result<T, Error>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) if error.kind() == ErrorKind::Decode => {
            assert!(error.maybe_executed() && error.body().is_some(), "{error:?}");
            problem(&error)
        }
        Err(error) => {
            let fault = error.fault().expect("a fault");
            format!("fault {}: {}", fault.code().as_i32(), fault.text())
        }
    }
}

fn check(rules: &str) {
    for rule in rules.trim().lines() {
        let [declared, text, expected] = rule.splitn(3, " | ").collect::<Vec<_>>()[..] else {
            panic!("not a rule: {rule}");
        };
        let text = text.trim_end().replace('¶', "\n").replace('§', "\r");
        let document = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(param) => response(param),
            None => response(&format!("<value>{text}</value>")),
        };
        assert_eq!(outcome(declared.trim(), &Canned::ok(document).client()), expected, "{rule}");
    }
}

#[test]
fn scalars_become_the_declared_type() {
    check(
        r#"
bool    | <boolean>1</boolean>                  | true
bool    | <boolean>0</boolean>                  | false
bool    | false                                 | false
bool    | <string>TRUE</string>                 | true
bool    | <i4>1</i4>                            | true
bool    | <i4>2</i4>                            | expected boolean, got "2"
bool    | yes                                   | expected boolean, got "yes"
bool    | <double>1.0</double>                  | expected boolean, got "1.0"
bool    |                                       | expected boolean, got ""
id      | 74                                    | ContactId(74)
id      | <string>74</string>                   | ContactId(74)
id      | <boolean>1</boolean>                  | ContactId(1)
id      | <i8>74</i8>                           | ContactId(74)
id      | <ex:i8>74</ex:i8>                     | ContactId(74)
id      | <int>+74</int>                        | ContactId(74)
id      | <int>-1</int>                         | ContactId(-1)
id      | <int>007</int>                        | ContactId(7)
id      | <i4>74.0</i4>                         | expected int, got "74.0"
id      | <i8>2147483648</i8>                   | expected int within i32, got "2147483648"
id      | <i4>contactIDNumber</i4>              | expected int, got "contactIDNumber"
id      | <i4/>                                 | expected int, got ""
int     | <base64>NQ==</base64>                 | expected int, got "NQ=="
double  | <i4>5</i4>                            | 5.0
double  | 19.989999999999998436805981327781479083526611328125 | 19.99
double  | <double>-1.5E-3</double>              | -0.0015
double  | <double>5.</double>                   | 5.0
double  | <double>=0.0</double>                 | expected double, got "=0.0"
double  | <double>1,5</double>                  | expected double, got "1,5"
double  | <double>0x10</double>                 | expected double, got "0x10"
string  | <i4>5</i4>                            | "5"
string  | <double>1.50</double>                 | "1.50"
string  | <boolean>1</boolean>                  | "1"
string  | <dateTime.iso8601>20150719T19:53:56</dateTime.iso8601> | "20150719T19:53:56"
opt     | 2                                     | DoubleOptIn
opt     | <string>7</string>                    | Unknown(7)
bytes   | <base64>aGk=</base64>                 | [104, 105]
bytes   | aGk=                                  | [104, 105]
bytes   | <base64>¶aG§¶ k¶</base64>             | [104, 105]
bytes   | <base64>aGl=</base64>                 | [104, 105]
bytes   | <base64/>                             | []
bytes   | <base64>a</base64>                    | invalid base64 "a"
bytes   | <string>hé</string>                   | invalid base64 "hé"
ids     | <struct><member><name> 7 </name><value>a</value></member></struct> | {WebFormId(7): "a"}
ids     | <struct><member><name>x</name><value>a</value></member></struct> | x: expected int, got "x"
amount  | <array><data><value><struct><member><name>PayAmt</name><value>5</value></member></struct></value></data></array> | Some(5.0)
paid    | <array><data><value><struct><member><name>PayDate</name><value>2015-07-19T19:53:56</value></member></struct></value></data></array> | Some(DateTime(2015-07-19T19:53:56))
paid    | <array><data><value><struct><member><name>PayDate</name><value>20150719T23:53:56Z</value></member></struct></value></data></array> | Some(DateTime(2015-07-19T19:53:56))
"#,
    );
}

#[test]
fn untyped_readings_follow_the_type_on_the_wire() {
    check(
        r#"
any     | 74                                    | String("74")
any     | <string>74</string>                   | String("74")
any     | <int>74</int>                         | Int(74)
any     | <i4>-2147483648</i4>                  | Int(-2147483648)
any     | <i1>5</i1>                            | Int(5)
any     | <i8>9223372036854775807</i8>          | Int(9223372036854775807)
any     | <i8>9223372036854775808</i8>          | expected int within i64, got "9223372036854775808"
any     | <boolean>1</boolean>                  | Bool(true)
any     | <double>1</double>                    | Double(1.0)
any     | <ex:float>1</ex:float>                | Double(1.0)
any     | <double>-0</double>                   | Double(-0.0)
any     | <double>1e999</double>                | Double(inf)
any     | <double>NaN</double>                  | Double(NaN)
any     | <dateTime.iso8601>20150719T19:53:56</dateTime.iso8601> | DateTime(DateTime(2015-07-19T19:53:56))
any     | <dateTime.iso8601> 20150719 </dateTime.iso8601> | DateTime(DateTime(2015-07-19T00:00:00))
any     | <dateTime.iso8601>20150719T19:53:56.999</dateTime.iso8601> | DateTime(DateTime(2015-07-19T19:53:56))
any     | <dateTime.iso8601>yesterday</dateTime.iso8601> | expected dateTime, got "yesterday"
any     | <base64>aGk</base64>                  | Bytes([104, 105])
any     | <array><data><value>a</value><value><i4>1</i4></value></data></array> | Array([String("a"), Int(1)])
any     | <struct><member><name>b</name><value/></member><member><name>a</name><value><nil/></value></member></struct> | Struct({"a": Nil, "b": String("")})
any     | <struct><member><name>a</name><value>1</value></member><member><name>a</name><value>2</value></member></struct> | Struct({"a": String("2")})
"#,
    );
}

#[test]
fn white_space_is_trimmed_only_where_it_means_nothing() {
    check(
        r#"
string  | (¶<value>¶  Successful ¶</value>¶)    | "Successful"
string  | ( ¶ <value>¶two</value>)              | "two"
string  | (¶<value>  two ¶</value>)             | "  two"
string  | ( <value>¶two¶</value>)               | "\ntwo\n"
string  | ¶  Successful ¶                       | "\n  Successful \n"
string  |   two                                 | "  two"
string  | <string>¶ x ¶</string>                | "\n x \n"
string  | <string> </string>                    | " "
string  | ¶ ¶                                   | "\n \n"
string  | (¶<value>¶ ¶</value>)                 | ""
string  | §¶ x §¶                               | "\n x \n"
string  | (§¶<value>§¶ x §¶</value>)            | "x"
string  | (§<value>§x§</value>)                 | "\nx\n"
string  | <string>a§¶b§c</string>               | "a\nb\nc"
string  | <string>a&#13;¶b&#xD;</string>        | "a\r\nb\r"
string  | (¶<value>¶&#32;x&#10;¶</value>)       | " x\n"
string  | (¶<value>¶<![CDATA[ x ]]>¶</value>)   | " x "
string  | ¶ <string>x</string> ¶                | "x"
string  | <i4> 5 </i4>                          | "5"
string  | <string> x </string>                  | " x "
bool    | ¶<boolean>¶1 </boolean>¶              | true
id      | §¶ 74§¶                               | ContactId(74)
double  |  <double> 1.5 </double>               | 1.5
record  | <struct>¶<member>¶<name>¶ First Name ¶</name>¶<value> x </value>¶</member>¶</struct>¶ | {"First Name": String(" x ")}
records | ¶<array>¶<data>¶<value>¶<struct>¶</struct>¶</value>¶</data>¶</array>¶ | [{}]
string  | <string>~x~</string>                  | "\u{a0}x\u{a0}"
id      | ~74                                   | expected int, got "~74"
"#
        .replace('~', "\u{A0}")
        .as_str(),
    );
}

#[test]
fn what_is_empty_is_accepted() {
    check(
        r#"
string  |                                       | ""
string  | <string/>                             | ""
string  | <string></string>                     | ""
string  | (<value/>)                            | ""
string  | <nil/>                                | expected string, got nothing
string  | ()                                    | expected string, got nothing
any     | (<value/>)                            | String("")
any     | <nil/>                                | Nil
any     | <nil></nil>                           | Nil
any     | <ex:nil/>                             | Nil
any     | ()                                    | Nil
any     | ¶<nil/>¶                              | Nil
any     | <array/>                              | Array([])
any     | <array><data/></array>                | Array([])
any     | <struct/>                             | Struct({})
any     | <struct><member><name/><value/></member></struct> | Struct({"": String("")})
any     | <base64/>                             | Bytes([])
any     | <i4/>                                 | expected int, got ""
any     | <dateTime.iso8601/>                   | expected dateTime, got ""
strings | <array><data/></array>                | []
strings | <array/>                              | []
strings | <nil/>                                | []
strings | ()                                    | []
strings | (<value/>)                            | []
strings | <string/>                             | expected array, got ""
map     | <struct/>                             | {}
map     | ¶                                     | {}
map     | <nil/>                                | {}
record  | <array/>                              | expected struct, got array
strings | <struct/>                             | expected array, got struct
strings | <array><data><value><nil/></value></data></array> | [0]: expected string, got nothing
amount  | <array><data><value/></data></array>  | None
amount  | <array><data><value><struct><member><name>PayAmt</name><value><nil/></value></member></struct></value></data></array> | None
amount  | <array><data><value><struct><member><name>PayAmt</name><value/></member></struct></value></data></array> | None
note    | <array><data><value><struct><member><name>PayNote</name><value/></member></struct></value></data></array> | Some("")
note    | <array><data><value><struct><member><name>PayNote</name><value><nil/></value></member></struct></value></data></array> | None
extra   | <array><data><value><struct><member><name>New</name><value><i4>1</i4></value></member></struct></value></data></array> | {"New": Int(1)}
"#,
    );
}

#[test]
fn markup_that_means_nothing_is_skipped() {
    check(
        r#"
string  | <!--a-->x<!--b-->y<!---->              | "xy"
string  | <string>x<?p q?>y</string>            | "xy"
string  | <string><![CDATA[<b>&amp;</b>]]></string> | "<b>&amp;</b>"
string  | a<![CDATA[]]>b<![CDATA[]]]]><![CDATA[>]]> | "ab]]>"
string  | <string xml:space="preserve" a='>' b="&lt;">x</string> | "x"
id      | <i4 a=''><!--1-->5<!--6--></i4>       | ContactId(5)
id      | <i4><![CDATA[5]]></i4>                | ContactId(5)
id      | <i4>&#53;</i4>                        | ContactId(5)
any     | <array a="1"><!--x--><data b="2"><?y?><value c="3"><!--z--><i4 d="4">1</i4></value></data></array> | Array([Int(1)])
record  | <struct><!--x--><member><!--y--><name><!--z-->A&amp;<![CDATA[B]]></name><value>1</value></member></struct> | {"A&B": String("1")}
string  | &lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600; | "<>&\"'AB😀"
string  | <p:string xmlns:p="u">x</p:string>    | unknown type <p:string>
string  | &nbsp;                                | unknown entity &nbsp;
string  | &Amp;                                 | unknown entity &Amp;
string  | &#x110000;                            | &#x110000; is not a character
string  | &#99999999999;                        | &#99999999999; is not a character
string  | &#;                                   | unknown entity &#;
string  | &#X41;                                | unknown entity &#X41;
string  | &#-5;                                 | unknown entity &#-5;
string  | AT&T                                  | "&" without a name and ";"
"#,
    );
}

#[test]
fn structure_is_strict() {
    check(
        r#"
any     | <i5>1</i5>                            | unknown type <i5>
any     | <I4>1</I4>                            | unknown type <I4>
any     | <i4>1</i5>                            | expected </i4>, got </i5>
any     | <i4>1</i4>x                           | unexpected text "x" in value
any     | x<i4>1</i4>                           | unexpected <i4> after text in value
any     | <i4>1</i4><i4>2</i4>                  | unexpected <i4> in value
any     | <i4><b>1</b></i4>                     | unexpected <b> in scalar
any     | <value>1</value>                      | unknown type <value>
any     | <nil>x</nil>                          | unexpected text in nil
any     | <array>x</array>                      | unexpected text "x" in array
any     | <array><value>1</value></array>       | unexpected <value> in array
any     | <array><data/><data/></array>         | [0]: unexpected <data> in array
any     | <array><data><i4>1</i4></data></array> | [0]: unexpected <i4> in data
any     | <struct>...</struct>                  | unexpected text "..." in struct
any     | <struct><name>a</name></struct>       | unexpected <name> in struct
any     | <struct><member/></struct>            | unexpected end of member
any     | <struct><member><name>a</name></member></struct> | unexpected end of member
any     | <struct><member><value/><name>a</name></member></struct> | unexpected <value> in member
any     | <struct><member><name>a</name><value/><value/></member></struct> | a: unexpected <value> in member
any     | <struct><member><name><b/></name><value/></member></struct> | unexpected <b> in name
any     | (x)                                   | unexpected text "x" in param
any     | (<i4>1</i4>)                          | unexpected <i4> in param
any     | (<value>1</value><value>2</value>)    | unexpected <value> in param
any     | (<value>1</value></param><param><value>2</value>) | unexpected <param> in params
any     | (</param></params></methodResponse><methodResponse><params><param>) | unexpected <methodResponse> in the document after the response
any     | &amp;<i4>1</i4>                       | unexpected <i4> after text in value
any     | <array>&#32;<data/></array>           | unexpected &#32; in array
any     | <array><![CDATA[ x]]></array>         | unexpected text "x" in array
any     | <!x>                                  | unknown markup after "<!"
any     | <!DOCTYPE x>                          | a document type declaration is not allowed
any     | <?xml version="1.0"?>                 | misplaced XML declaration
"#,
    );
}

#[test]
fn errors_carry_the_path_to_the_value() {
    check(
        r#"
amount  | <array><data><value/><value/><value/><value><struct><member><name>PayAmt</name><value>abc</value></member></struct></value></data></array> | [3].PayAmt: expected double, got "abc"
map     | <struct><member><name>¶A B¶</name><value><array/></value></member></struct> | A B: expected string, got array
strings | <array><data><value>a</value><value><struct/></value></data></array> | [1]: expected string, got struct
any     | <array><data><value><struct><member><name>a</name><value><array><data><value><i4>x</i4></value></data></array></value></member></struct></value></data></array> | [0].a[0]: expected int, got "x"
any     | <struct><member><name>a</name><value><struct><member><name>b</name><value><i9/></value></member></struct></value></member></struct> | a.b: unknown type <i9>
record  | <struct><member><name>0123456789012345678901234567890123456789-and-more</name><value><i4/></value></member></struct> | 0123456789012345678901234567890123456789…: expected int, got ""
id      | 0123456789012345678901234567890123456789-and-more | expected int, got "0123456789012345678901234567890123456789…"
id      | <string>a¶b&#9;c</string>             | expected int, got "a b c"
"#,
    );
}

#[test]
fn forbidden_characters_are_replaced_or_refused() {
    for (text, tolerated, refused) in [
        ("a&#11;b", "a\u{FFFD}b", Some("U+000B")),
        ("&#0;", "\u{FFFD}", Some("U+0000")),
        ("&#xFFFE;&#xFFFF;", "\u{FFFD}\u{FFFD}", Some("U+FFFE")),
        ("&#xD83D;&#xDE00;", "😀", Some("U+D83D")),
        ("&#55357;&#56832;", "😀", Some("U+D83D")),
        ("&#xDE00;&#xD83D;", "\u{FFFD}\u{FFFD}", Some("U+DE00")),
        ("&#xD83D;&#xD83D;&#xDE00;", "\u{FFFD}😀", Some("U+D83D")),
        ("&#xD83D;-&#xDE00;", "\u{FFFD}-\u{FFFD}", Some("U+D83D")),
        ("a\u{1}\0b", "a\u{FFFD}\u{FFFD}b", Some("U+0001")),
        ("\u{FFFF}", "\u{FFFD}", Some("U+FFFF")),
        ("<![CDATA[\u{8}]]>", "\u{FFFD}", Some("U+0008")),
        ("\t\u{7F}\u{85}\u{2028}\u{FFFD}\u{E000}\u{10FFFF}", "\t\u{7F}\u{85}\u{2028}\u{FFFD}\u{E000}\u{10FFFF}", None),
    ] {
        for body in [format!("<string>{text}</string>"), format!("<i4>{text}</i4>"), text.to_owned()] {
            let transport = Canned::ok(response(&format!("<value>{body}</value>")));
            let echoed = transport.client().data().echo("").unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert_eq!(echoed.trim(), tolerated.trim(), "{body:?}");
            let strict = Client::builder()
                .credentials(infusionsoft::Credentials::access_token("strict"))
                .transport(transport)
                .strict_characters(true)
                .build()
                .expect("the client can be built");
            match (strict.data().echo(""), refused) {
                (Ok(text), None) => assert_eq!(text.trim(), tolerated.trim()),
                (Err(error), Some(character)) => {
                    let text = error.to_string();
                    assert!(text.contains(&format!("character {character} is not allowed in XML")), "{text}");
                    assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Decode, true));
                }
                (outcome, _) => panic!("{body:?}: {outcome:?}"),
            }
        }
    }
}

#[test]
fn faults_are_read_whatever_their_members_order() {
    let fault = |members: &str| {
        let members = members.replace("<n>", "<member><name>").replace("</n>", "</name><value>");
        let members = members.replace("</m>", "</value></member>");
        format!("<methodResponse><fault><value><struct>{members}</struct></value></fault></methodResponse>")
    };
    for (members, expected) in [
        ("<n>faultCode</n><i4>5</i4></m><n>faultString</n>[A]b</m>", "fault 5: [A]b"),
        ("<n>faultString</n>[A]b</m><n>faultCode</n>5</m>", "fault 5: [A]b"),
        ("<n> faultString </n>\n [A]b\n</m><n>faultCode</n>\n5</m>", "fault 5: \n [A]b\n"),
        ("<n>x</n><array/></m><n>faultCode</n>5</m>", "fault 5: "),
        ("<n>faultCode</n>5</m><n>faultString</n><nil/></m>", "fault 5: "),
        ("", "malformed fault: missing member \"faultCode\""),
        ("<n>faultCode</n>x</m>", "malformed fault: faultCode: expected int, got \"x\""),
        (
            "<n>faultCode</n>5</m><n>faultString</n><array/></m>",
            "malformed fault: faultString: expected string, got array",
        ),
    ] {
        let client = Canned::ok(fault(members)).client();
        assert_eq!(outcome("any", &client), expected, "{members}");
        assert_eq!(outcome("records", &client), expected, "{members}");
    }
}
