//! Calls, and what is expected of their answers.

use crate::http::Answer;

/// The key that the sandbox knows.
pub(crate) const KEY: &str = "<string>sandbox</string>";
/// The arguments of `ContactService.load`.
pub(crate) const LOAD: &[&str] = &[KEY, "<int>18</int>", "<array><data><value>Id</value></data></array>"];

/// A call with the contents of its `<value>` elements.
pub(crate) fn call(method: &str, values: &[&str]) -> String {
    let params: String = values.iter().map(|value| format!("<param><value>{value}</value></param>")).collect();
    format!(
        "<?xml version=\"1.0\"?><methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>"
    )
}

/// A list of values with another one in one place.
pub(crate) fn with<'a>(values: &[&'a str], place: usize, value: &'a str) -> Vec<&'a str> {
    let mut values = values.to_vec();
    values[place] = value;
    values
}

/// A fault as the real server writes it.
fn fault(code: i32, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><fault><value><struct><member><name>faultCode</name><value><i4>{code}</i4></value></member><member><name>faultString</name><value>{message}</value></member></struct></value></fault></methodResponse>"
    )
}

#[track_caller]
pub(crate) fn assert_fault(answer: &Answer, code: i32, message: &str) {
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: text/xml; charset=UTF-8"), "{}", answer.head);
    assert_eq!(answer.body, fault(code, message));
}

#[track_caller]
pub(crate) fn assert_reached(answer: &Answer, entry: &str) {
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains(&format!("x-sandbox-entry: {entry}\r\n")), "{}\n{}", answer.head, answer.body);
}
