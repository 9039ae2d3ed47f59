//! Tokens as text that people like to read.

use proc_macro2::{TokenStream, TokenTree};

/// Formats a file: a header line, the module's docs, and its items with blank lines between them.
///
/// # Errors
///
/// If the tokens are not Rust, which is a mistake of a renderer.
pub(crate) fn file(header: &str, tokens: TokenStream) -> Result<String, String> {
    let parsed: syn::File = syn::parse2(tokens).map_err(|error| format!("the generated code is not Rust: {error}"))?;
    let text = prettyplease::unparse(&parsed);
    Ok(format!("{header}\n\n{}", spaced(&text)))
}

/// Formats a statement for an example, without indentation.
pub(crate) fn statement(tokens: &TokenStream) -> String {
    let Ok(parsed) = syn::parse2::<syn::File>(quote::quote!(fn main() { #tokens })) else {
        return format!("{tokens}\n");
    };
    let text = prettyplease::unparse(&parsed);
    let lines = text.lines().filter(|line| line.starts_with("    ")).map(|line| &line[4..]);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Formats the arguments of a call on one line.
pub(crate) fn line(tokens: &TokenStream) -> String {
    let joined = joined(&statement(&quote::quote!(call(#tokens);)));
    let arguments = joined.strip_prefix("call(").and_then(|rest| rest.strip_suffix(");")).unwrap_or(&joined);
    arguments.to_owned()
}

/// Formats a statement on one line, if it is short and its texts survive that.
pub(crate) fn short(tokens: &TokenStream) -> Option<String> {
    const WIDTH: usize = 93;
    let line = joined(&statement(tokens));
    let same = line.parse().is_ok_and(|parsed| flat(parsed) == flat(tokens.clone()));
    (same && line.chars().count() <= WIDTH).then(|| line + "\n")
}

/// The tokens' texts, whatever stands between them.
fn flat(tokens: TokenStream) -> Vec<String> {
    let texts = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => {
            let mut texts = flat(group.stream());
            texts.push(format!("{:?}", group.delimiter()));
            texts
        }
        other => vec![other.to_string()],
    });
    texts.collect()
}

/// Takes back what the formatter does where it breaks lines.
fn joined(text: &str) -> String {
    let mut joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let breaks = [
        ("( ", "("),
        (" )", ")"),
        (",)", ")"),
        (", )", ")"),
        (", }", " }"),
        (", ]", "]"),
        ("[ ", "["),
        (" ]", "]"),
        (" .", "."),
    ];
    for (broken, whole) in breaks {
        joined = joined.replace(broken, whole);
    }
    joined
}

/// Puts a blank line before each item that follows another one; the formatter leaves none.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut previous = "";
    for line in text.lines() {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let together =
            indent(previous) == indent(line) && ends_item(previous.trim_start()) && begins_item(line.trim_start());
        if together && !both_short(previous, line) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        previous = line;
    }
    spaced
}

fn ends_item(line: &str) -> bool {
    line.starts_with("//!") || (!line.starts_with("//") && line.ends_with(['}', ';']))
}

fn begins_item(line: &str) -> bool {
    let starts = [
        "///", "#[", "pub ", "impl", "fn ", "struct ", "enum ", "const ", "mod ", "static ", "type ", "use ",
        "members!",
    ];
    starts.iter().any(|start| line.starts_with(start))
}

/// Lines of one kind stand together: imports, modules, constants.
fn both_short(previous: &str, line: &str) -> bool {
    let kind = |line: &str| match line.trim_start() {
        line if line.starts_with("use ") || line.starts_with("};") => Some("use"),
        line if line.starts_with("pub use ") => Some("pub use"),
        line if line.starts_with("mod ") => Some("mod"),
        line if line.starts_with("pub mod ") => Some("pub mod"),
        line if line.starts_with("const ") || line.starts_with("type ") => Some("const"),
        line if line.starts_with("impl Sealed") || line.starts_with("//!") => Some("none"),
        _ => None,
    };
    kind(previous).is_some() && kind(previous) == kind(line)
}
