//! Requests made to hurt, after which the sandbox still serves.

use crate::http::{Answer, post, send, start};

const VALID: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodCall><methodName>DataService.query</methodName><params>",
    "<param><value><string>sandbox</string></value></param><param><value>Contact</value></param>",
    "<param><value><int>10</int></value></param><param><value><i4>0</i4></value></param>",
    "<param><value><struct><member><name>Id</name><value><![CDATA[18]]></value></member></struct></value></param>",
    "<param><value><array><data><value>Id</value><value>Zo&#235;</value></data></array></value></param>",
    "</params></methodCall>",
);

/// Pieces that matter to a reader of XML or of numbers.
pub(crate) const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&#",
    "&#x110000;",
    "&#0;",
    "&#xD800;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<!DOCTYPE a [<!ENTITY b \"&c;\">",
    "&b;",
    "<value>",
    "</value>",
    "<array><data>",
    "<struct><member><name>",
    "<nil/>",
    "<int>99999999999999999999</int>",
    "<double>1e9999</double>",
    "<a b='c' b='d'/>",
    "<x:y xmlns:x='z'/>",
    "\0",
    "\u{fffe}",
    "\u{1f600}",
];

/// A generator of numbers that look random and are the same in each run (xorshift64*).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }

    /// A call with a few bytes cut, doubled, changed or put in.
    fn mutation(&mut self) -> Vec<u8> {
        let mut body = VALID.as_bytes().to_vec();
        for _ in 0..=self.below(4) {
            let from = self.below(body.len());
            let to = (from + self.below(40)).min(body.len());
            match self.below(5) {
                0 => drop(body.drain(from.max(1)..to.max(1))),
                1 => body.splice(from..from, body[from..to].to_vec()).for_each(drop),
                2 => body[from] = self.below(256) as u8,
                3 => body.splice(from..from, PIECES[self.below(PIECES.len())].bytes()).for_each(drop),
                _ => body.truncate(from.max(1)),
            }
        }
        body
    }
}

/// Calls that are large in one way each.
fn giants() -> Vec<String> {
    let attributes: String = (0..20_000).map(|number| format!(" a{number}=''")).collect();
    let namespaces: String = (0..500).map(|number| format!("<a xmlns:n{number}='{number}'>")).collect();
    let text = "x".repeat(1 << 20);
    vec![
        "<a>".repeat(200_000),
        "<value><array><data>".repeat(100_000),
        "<".repeat(2_000_000),
        "=".repeat(2_000_000),
        "&amp;".repeat(200_000),
        format!("<a{attributes}/>"),
        namespaces,
        VALID.replace("10", &"9".repeat(1 << 20)),
        VALID.replace("18", &text),
        VALID.replace("Contact", &text),
        VALID.replace("DataService.query", &text),
        VALID.replace("<i4>0</i4>", &format!("<double>{}</double>", "1".repeat(100_000))),
    ]
}

#[test]
fn serves_on_after_hostile_requests() {
    let server = start();
    let mut numbers = Numbers(0x1F05_10F7);
    let mut reached = 0;
    for round in 0..2_000 {
        let body = match round % 10 {
            0 => {
                let count = numbers.below(500);
                numbers.bytes(count)
            }
            _ => numbers.mutation(),
        };
        let answer = post(&server, &body);
        assert_answered(&answer, &String::from_utf8_lossy(&body));
        reached += usize::from(answer.head.contains("x-sandbox-entry"));
    }
    assert!((1..1_900).contains(&reached), "mutations are neither all harmless nor all fatal: {reached} of 2,000");
    for body in giants() {
        assert_answered(&post(&server, &body), &body[..80.min(body.len())]);
    }
    assert!(post(&server, VALID).head.contains("x-sandbox-entry: DataService.query\r\n"));
}

#[test]
fn serves_on_after_requests_that_are_not_http() {
    let server = start();
    let mut numbers = Numbers(7);
    for _ in 0..50 {
        let mut stream = crate::http::connect(&server);
        // The server may close the connection in the middle of it.
        std::io::Write::write_all(&mut stream, &numbers.bytes(300)).ok();
    }
    for target in ["/%", "/?access_token=%", "/?%FF=%FF&&==", "/crm/../crm/xmlrpc/v1"] {
        assert_eq!(send(&server, "POST", target, "", b"").status, 401, "{target}");
    }
    assert!(post(&server, VALID).head.contains("x-sandbox-entry: DataService.query\r\n"));
}

#[track_caller]
fn assert_answered(answer: &Answer, body: &str) {
    assert_eq!(answer.status, 200, "{body}");
    assert!(answer.body.contains("<methodResponse>"), "{body}\n{}", answer.body);
}
