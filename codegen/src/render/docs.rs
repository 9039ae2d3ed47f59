//! The texts of generated docs.

use quote::quote;

use super::{example, ident, path};
use crate::catalog::Effect;
use crate::format;
use crate::model::{Field, Member, Method, Model, Service};
use crate::types::Type;

/// The docs of a method's function: summary, example, details, wire method, errors, source.
pub(super) fn function(model: &Model, service: &Service, method: &Method) -> String {
    let mut parts = vec![sentence(&markdown(&method.summary)), example(model, service, method)];
    parts.push(markdown(&method.details));
    parts.push(arguments(method));
    if !method.returns_doc.is_empty() {
        parts.push(sentence(&markdown(&method.returns_doc)));
    }
    parts.push(format!("Wire method: `{}` ({}).", method.wire, effect(method)));
    parts.push(format!("# Errors\n\n{}", errors(model, method)));
    if let Some(title) = &method.documented_as {
        parts.push(format!("Documented as “{}”.", markdown(title)));
    }
    if let Some(source) = &method.known_from {
        parts.push(format!("Known from: {}", sentence(&markdown(source))));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// What the arguments mean, where they are given one by one; a request's fields say it themselves.
fn arguments(method: &Method) -> String {
    let fields = method.fields.iter().filter(|_| method.positional);
    let line = |field: &Field| {
        let text = sentence(&markdown(&field.doc)).replace('\n', "\n  ");
        format!("- `{}`: {text}", field.name)
    };
    fields.map(line).collect::<Vec<_>>().join("\n")
}

fn effect(method: &Method) -> String {
    let because =
        method.because.as_deref().map(|because| format!(": {}", uncapitalised(&markdown(because)))).unwrap_or_default();
    let because = because.trim_end_matches('.');
    match method.effect {
        Effect::Once => "sent once: never repeated if it may have been executed".to_owned(),
        Effect::Read => format!("read, may be repeated{because}"),
        Effect::Repeatable => format!("repeatable{because}"),
    }
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    let second_is_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match letters.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

fn example(model: &Model, service: &Service, method: &Method) -> String {
    let (package, module) = (&model.package, &service.module);
    let mut imports = example::imports(model, method);
    if !method.positional {
        imports.insert(0, format!("{module}::{}", method.request));
    }
    // Where the runtime is a crate of its own, its macro is imported from there.
    let own_macro = model.runtime == "crate" || !imports.iter().any(|name| name == "record");
    imports.retain(|name| own_macro || name != "record");
    let of_runtime = if own_macro { String::new() } else { format!("# use {}::record;\n", model.runtime) };
    let imports = match imports.as_slice() {
        [] => String::new(),
        [name] => format!("# use {package}::{name};\n"),
        names => format!("# use {package}::{{{}}};\n", names.join(", ")),
    };
    let call = example::call(model, module, method);
    let variable = ident(&example::variable(method));
    let client = if model.accessors {
        quote!(client.#call)
    } else {
        let (accessor, function) = (ident(&service.accessor), ident(&method.function));
        let module = ident(module);
        let arguments = example::arguments(model, method);
        let package = path(package);
        quote!(#package::#module::#accessor::new(client).#function(#arguments))
    };
    let code = quote!(let #variable = #client?;);
    let code = format::short(&code).unwrap_or_else(|| format::statement(&code));
    let runtime = if model.runtime == "crate" { package } else { &model.runtime };
    format!(
        "```\n{of_runtime}{imports}# fn run(client: &{runtime}::Client) -> Result<(), {runtime}::Error> {{\n{code}# Ok(()) }}\n```"
    )
}

/// When a method fails before anything is sent, and otherwise.
fn errors(model: &Model, method: &Method) -> String {
    let mut conditions: Vec<String> = method.fields.iter().flat_map(limits).collect();
    for lists in &method.not_all_empty {
        let names = lists.iter().filter_map(|&at| method.fields.get(at)).map(|field| format!("`{}`", field.name));
        let all = if lists.len() == 2 { "both" } else { "all" };
        conditions.push(format!("{} are {all} empty", names.collect::<Vec<_>>().join(" and ")));
    }
    let of_type = |wanted: fn(&Type) -> bool| -> Vec<String> {
        let fields = method.fields.iter().filter(|field| wanted(field.kind.required()));
        fields.map(|field| format!("`{}`", field.name)).collect()
    };
    let doubles = of_type(|kind| *kind == Type::Double);
    if !doubles.is_empty() {
        conditions.push(format!("{} is not finite", doubles.join(" or ")));
    }
    if !of_type(holds_text).is_empty() {
        conditions.push("a text holds a character that XML cannot carry".to_owned());
    }
    let runtime = &model.runtime;
    let call = format!("[`Client::call`]({runtime}::Client::call)");
    match conditions.as_slice() {
        [] => format!("Those of {call}."),
        conditions => format!(
            "[`InvalidRequest`]({runtime}::ErrorKind::InvalidRequest), before anything is sent, if {}; otherwise those of {call}.",
            conditions.join(", or if ")
        ),
    }
}

fn holds_text(kind: &Type) -> bool {
    match kind {
        Type::String | Type::Record | Type::Value | Type::Map(..) => true,
        Type::Array(inner) | Type::Optional(inner) => holds_text(inner),
        Type::Int | Type::Double | Type::Bool | Type::DateTime | Type::Date | Type::Bytes | Type::Named(_) => false,
    }
}

fn limits(field: &Field) -> Vec<String> {
    let (name, limits) = (&field.name, &field.limits);
    let mut found = Vec::new();
    found.extend(limits.min.map(|min| format!("`{name}` is less than {min}")));
    found.extend(limits.max.map(|max| format!("`{name}` is greater than {max}")));
    found.extend(limits.not.map(|not| format!("`{name}` is {not}")));
    found.extend(limits.items.map(|items| match field.kind.required() {
        Type::Record => format!("a list in `{name}` has more than {items} elements"),
        _ => format!("`{name}` has more than {items} elements"),
    }));
    found.extend(limits.not_empty.then(|| format!("`{name}` is empty")));
    found
}

/// The docs of a request's field.
pub(super) fn field(field: &Field) -> String {
    let mut parts = vec![sentence(&markdown(&field.doc))];
    if field.kind.is_optional() {
        parts.push(match &field.absent {
            Some(absent) => format!("`None` is sent as `{absent}`."),
            None => "`None` leaves it out.".to_owned(),
        });
    }
    if let [param] = field.params.as_slice() {
        parts.extend(wire_name(&param.wire_name, &field.name));
    }
    parts.join("\n\n")
}

/// The docs of a struct's member.
pub(super) fn member(member: &Member) -> String {
    let mut parts = vec![sentence(&markdown(&member.doc))];
    parts.extend(wire_name(&member.wire, &member.name));
    parts.join("\n\n")
}

/// The wire's name, where it can't be guessed from Rust's.
fn wire_name(wire: &str, rust: &str) -> Option<String> {
    (crate::names::snake_case(wire) != rust).then(|| format!("`{wire}` on the wire."))
}

/// Ends a text with a period, unless it ends in another mark.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    match text.chars().last() {
        None => String::new(),
        Some('.' | '!' | '?' | ':' | '`') => text.to_owned(),
        Some(_) if text.lines().count() > 1 => text.to_owned(),
        Some(_) => format!("{text}."),
    }
}

/// A document's plain text as Markdown that shows the same characters on the same lines.
pub(super) fn markdown(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(markdown_line).collect();
    // Markdown joins lines; a backslash keeps them apart.
    lines.join("\\\n")
}

fn markdown_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    // `1. …` and `- …` would begin lists, which swallow the lines after them.
    let marker = line.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(0);
    let mut code = false;
    for (at, letter) in line.char_indices() {
        code ^= letter == '`';
        match letter {
            '.' | ')' if at == marker && at > 0 => escaped.extend(['\\', letter]),
            '-' | '+' | '#' if at == 0 => escaped.extend(['\\', letter]),
            '[' | ']' | '<' | '>' | '*' | '_' | '|' | '~' if !code => escaped.extend(['\\', letter]),
            // The docs would warn of a bare URL; an invisible space in front of it keeps it text.
            'h' if !code && is_url(&line[at..]) => escaped.push_str("\u{200b}h"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}
