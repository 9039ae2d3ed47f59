//! What crate `xmlrpc` reads, the reader reads alike, but for the differences that are named here.

use std::io::Read;

use infusionsoft::Value;
use xmlrpc::Request;

use super::{documented, read, response};

/// Answers what it holds.
struct Answer<'a>(&'a [u8]);

impl<'a> xmlrpc::Transport for Answer<'a> {
    type Stream = &'a [u8];

    fn transmit(self, _: &Request<'_>) -> Result<&'a [u8], Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.0)
    }
}

#[test]
fn explore() {
    let docs: Vec<String> = vec![
        response("<value>\n x \n</value>"), response("<value>  </value>"), response("<value><string> \n</string></value>"),
        response("<value>a\r\nb\rc</value>"), response("<value><string>a&#13;b</string></value>"),
        response("<value>&#11;</value>"), response("<value>&#xD83D;&#xDE00;</value>"), response("<value>\u{1}</value>"), response("<value>\u{FFFF}</value>"),
        response("<value><i8>5</i8></value>"), response("<value>&#xFFFE;</value>"),
        response("<value><struct><member><name> a </name><value>1</value></member></struct></value>"),
        response("<value><struct><member><name>a</name><value>1</value></member><member><name>a</name><value>2</value></member></struct></value>"),
        response("<value><dateTime.iso8601>20150719T19:53:56</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150719T19:53:56Z</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>2015-07-19T19:53:56+02:00</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150719T19:53:56.4</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150719T195356</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150719T19:53</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150230T19:53:56</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150719T24:53:56</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>20150719T19:53:60</dateTime.iso8601></value>"),
        response("<value><dateTime.iso8601>00000719T19:53:59</dateTime.iso8601></value>"),
        response("<value><double>NaN</double></value>"),response("<value><double>inf</double></value>"),
        response("<value><base64>aGk</base64></value>"), response("<value><base64>aGl=</base64></value>"),
        response("<value>1</value>") + "junk",
        response("<value>1</value></param><param><value>2</value>"),
        "<methodResponse><params><param><value>1</value></param>".into(),
        format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{}", response("<value>&b;</value>")),
        format!("<!DOCTYPE a>{}", response("<value>b</value>")),
        format!("<?xml version='1.0' encoding='latin1'?>{}", response("<value>b</value>")),
        format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", response("<value>b</value>")),
        response("<value><array><data></data></array></value>"), response("<value></value>"), response("<value><nil/></value>"),
        response("<value xmlns='u'>1</value>"), response("<value>a<!-- b -->c</value>"), response("<value>a<![CDATA[ ]]>c</value>"), response("<value><![CDATA[ ]]></value>"),
        response("<value><string><![CDATA[\n]]></string></value>"), response("<value>&#32;</value>"), response("<value>\n<![CDATA[ x ]]>\n</value>"),
        response("<value><boolean>1</boolean>\n</value>\n"),
        response("<value>a]]>b</value>"),response("<value>a>b</value>"),
        "<methodResponse><fault><value><struct><member><name>faultCode</name><value><i4>1</i4></value></member><member><name>faultString</name><value>\n x\n</value></member></struct></value></fault></methodResponse>".into(),
        response("<value><nil></nil></value>"),
        response("<value><i4>+5</i4></value>"),
        response("<value><double>+5</double></value>"),
        response("<value><double>5e</double></value>"),
        response("<value><double>.5</double></value>"),
        response("<value><string>\u{85}\u{2028}</string></value>"),
    ];
    for doc in docs {
        eprintln!("{doc:?}\n   ours {:?}\n theirs {:?}", read(doc.clone()).map_err(|e| e.to_string()), Request::new("X.y").call(Answer(doc.as_bytes())));
    }
    let mut n = 0;
    for (call, doc) in documented() {
        n += 1;
        let theirs = Request::new("X.y").call(Answer(doc.as_bytes()));
        if theirs.as_ref().is_err_and(|e| e.fault().is_none()) {
            eprintln!("{} {theirs:?}", call.entry);
        }
    }
    eprintln!("{n}");
}
