//! Rust names from the wire's names.

/// What generated code takes from the root of the runtime.
pub(crate) const ROOT: [&str; 11] =
    ["Bytes", "Client", "Content", "Date", "DateTime", "Effect", "Error", "Method", "Record", "Secret", "Value"];

/// What it takes from the runtime's part for generated code.
pub(crate) const RUNTIME: [&str; 7] =
    ["MapAccess", "Members", "Params", "Sealed", "members", "read_member", "read_text"];

/// What it takes from the runtime's part for tables, or declares by itself.
const FURTHER: [&str; 10] = [
    "BTreeMap",
    "Column",
    "ColumnInfo",
    "Customizable",
    "Deletable",
    "FaultCode",
    "Insertable",
    "Kind",
    "Table",
    "TableName",
];

/// What every file means without a `use`: Rust's prelude, with what can be derived.
const PRELUDE: &str = "AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Box Clone Copy Debug Default DoubleEndedIterator Drop Eq \
    Err ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Future Hash Into IntoFuture IntoIterator Iterator None Ok \
    Option Ord PartialEq PartialOrd Result Self Send Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec";

/// Whether generated code means something else by the name of a type.
pub(crate) fn is_taken(name: &str) -> bool {
    [&ROOT[..], &RUNTIME, &FURTHER].iter().any(|names| names.contains(&name))
        || PRELUDE.split_whitespace().any(|taken| taken == name)
}

/// Whether a word can be a name: neither a keyword, `gen` among them, which syn doesn't know, nor anything else.
pub(crate) fn is_name(word: &str) -> bool {
    let is_word = word.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_word && word != "gen" && syn::parse_str::<syn::Ident>(word).is_ok()
}

/// `contactID` → `contact_id`, `productIDs` → `product_ids`, `getHTML` → `get_html`.
pub(crate) fn snake_case(name: &str) -> String {
    words(name).join("_")
}

/// `placeOrder` → `PlaceOrder`, `getHTML` → `GetHtml`.
pub(crate) fn pascal_case(name: &str) -> String {
    let capitalised = |word: String| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    words(name).into_iter().map(capitalised).collect()
}

/// The method that a client's way of writing a call names: `add` in `books()->add` and in `Books(add, args)`.
pub(crate) fn last_word(name: &str) -> &str {
    let call = name.split(',').next().unwrap_or(name);
    call.rsplit(['>', '(']).find(|word| !word.is_empty()).unwrap_or(call)
}

/// Keywords get a trailing underscore.
pub(crate) fn identifier(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { format!("{name}_") }
}

/// Lower-case words, divided at changes of case and at whatever is neither letter nor digit.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() || begins_word(&letters, at) {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// A capital begins a word after a small letter or digit, and before a small letter that isn't an acronym's plural;
/// a single capital (`ICal`) stays with what follows.
fn begins_word(letters: &[char], at: usize) -> bool {
    if at == 0 || !letters[at].is_uppercase() {
        return false;
    }
    let upper = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
    let lower = |at: usize| letters.get(at).is_some_and(|letter| letter.is_lowercase());
    if !upper(at - 1) {
        return true;
    }
    let plural = letters.get(at + 1) == Some(&'s') && !lower(at + 2);
    let single = at < 2 || !upper(at - 2);
    lower(at + 1) && !plural && !single
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_keeps_acronyms_together() {
        let cases = [
            ("contactID", "contact_id"),
            ("productIDs", "product_ids"),
            ("getHTML", "get_html"),
            ("HTMLBody", "html_body"),
            ("getAppointmentICal", "get_appointment_ical"),
            ("Allow Duplicate", "allow_duplicate"),
            ("CVV2", "cvv2"),
            ("addOrderItem", "add_order_item"),
            ("contactId1", "contact_id1"),
            ("Credit Card (Manual)", "credit_card_manual"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake_case(name), expected, "{name}");
        }
    }

    #[test]
    fn pascal_case_treats_acronyms_as_words() {
        assert_eq!(pascal_case("getHTML"), "GetHtml");
        assert_eq!(pascal_case("placeOrder"), "PlaceOrder");
    }

    #[test]
    fn the_last_word_is_the_methods_name() {
        for name in ["add", "books()->add", "Books(add, args)", "Books(add"] {
            assert_eq!(last_word(name), "add", "{name}");
        }
    }

    #[test]
    fn keywords_get_an_underscore() {
        assert_eq!(identifier("type"), "type_");
        assert_eq!(identifier("gen"), "gen_");
        assert_eq!(identifier("name"), "name");
    }
}
