//! Whether a file has the keys and values that it should: all mistakes at once, by the schema of its kind.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::diagnostic::did_you_mean;
use crate::schema::schema_of;

use super::place::Step;

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// `api.yaml`
    Api,
    /// `types.yaml`
    Types,
    /// `faults.yaml`
    Faults,
    /// `services/*.yaml`
    Service,
    /// `tables/*.yaml`
    Table,
}

/// A mistake at a path in the tree.
#[derive(Debug)]
pub(crate) struct Mistake {
    /// The path.
    pub(crate) steps: Vec<Step>,
    /// Whether the path's last key is meant, rather than its value.
    pub(crate) at_key: bool,
    /// What is wrong.
    pub(crate) message: String,
    /// What would mend it.
    pub(crate) hint: Option<String>,
}

/// What was found in a file.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The mistakes, in no particular order.
    pub(crate) mistakes: Vec<Mistake>,
    /// The names of the entries that were taken out of the tree.
    pub(crate) broken: BTreeSet<String>,
    /// The positions of the entries that are left in the file's list; `None` if the file as a whole is wrong.
    pub(crate) kept: Option<Vec<usize>>,
}

type Rules = Result<(Value, Validator), String>;

impl Kind {
    /// The schema and its validator, made once.
    fn rules(self) -> &'static Rules {
        static RULES: [OnceLock<Rules>; 5] = [const { OnceLock::new() }; 5];
        RULES[self as usize].get_or_init(|| {
            let schema = schema_of(match self {
                Kind::Api => "Api",
                Kind::Types => "Types",
                Kind::Faults => "Faults",
                Kind::Service => "Service",
                Kind::Table => "Table",
            });
            let validator = Validator::new(&schema).map_err(|error| error.to_string())?;
            Ok((schema, validator))
        })
    }

    /// The keys under which entries stand that can be left out one by one.
    fn entries(self) -> &'static [&'static str] {
        match self {
            Kind::Api => &[],
            Kind::Types => &["ids", "enums", "structs"],
            Kind::Faults => &["faults"],
            Kind::Service => &["methods"],
            Kind::Table => &["fields"],
        }
    }
}

/// Compares a tree with the schema of its kind, and takes out of it what is wrong.
pub(crate) fn check(kind: Kind, tree: &mut Value) -> Outcome {
    let mut outcome = Outcome { mistakes: Vec::new(), broken: BTreeSet::new(), kept: None };
    let (schema, validator) = match kind.rules() {
        Ok(rules) => rules,
        Err(error) => {
            outcome.mistakes.push(mistake(Vec::new(), error.clone(), None));
            return outcome;
        }
    };
    let errors: Vec<ValidationError<'_>> = validator.iter_errors(tree).collect();
    let meant = meant(schema, &errors);
    let mut unknown = Vec::new();
    let mut wrong = Vec::new();
    for error in &errors {
        let steps = steps(error.instance_path());
        let label = label(kind, tree, &steps);
        for (key, hint) in unknown_keys(schema, error) {
            // A misspelled key leaves something out, so nothing else can be said of its entry.
            if hint.is_some() && steps.len() > 1 {
                wrong.push(steps.clone());
            }
            let steps = [steps.clone(), vec![Step::Key(key.clone())]].concat();
            unknown.push(steps.clone());
            let mistake = mistake(steps, format!("{label}unknown key {key:?}"), hint);
            outcome.mistakes.push(Mistake { at_key: true, ..mistake });
        }
        match error.kind() {
            // Which kinds of reasons differ here is for the checker to say.
            ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::PropertyNames { .. } => continue,
            // The misspelled key says it already.
            ValidationErrorKind::Required { property }
                if meant.contains(&(error.instance_path(), format!("did you mean {property}?"))) => {}
            _ => {
                let (message, hint) = describe(error);
                outcome.mistakes.push(mistake(steps.clone(), format!("{label}{message}"), hint));
            }
        }
        // A default that is spelled out spoils nothing.
        if !matches!(error.kind(), ValidationErrorKind::Not { .. }) {
            wrong.push(steps);
        }
    }
    drop(errors);
    blanks(kind, tree, &mut outcome.mistakes);
    unknown.iter().for_each(|steps| remove(tree, steps));
    outcome.kept = keep(kind, tree, &wrong, &mut outcome.broken);
    outcome
}

fn mistake(steps: Vec<Step>, message: String, hint: Option<String>) -> Mistake {
    Mistake { steps, at_key: false, message, hint }
}

fn steps(location: &Location) -> Vec<Step> {
    location
        .iter()
        .map(|segment| match segment {
            LocationSegment::Property(key) => Step::Key(key.into_owned()),
            LocationSegment::Index(index) => Step::Index(index),
        })
        .collect()
}

/// The keys that an error says are unknown, each with the hint that names the nearest known one.
fn unknown_keys<'a>(
    schema: &'a Value,
    error: &'a ValidationError<'_>,
) -> impl Iterator<Item = (&'a String, Option<String>)> {
    let unexpected = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.as_slice(),
        _ => &[],
    };
    unexpected.iter().map(|key| (key, did_you_mean(key, known_keys(schema, error.schema_path()))))
}

/// The keys that misspelled ones stand for: where, and the hint that names them.
fn meant<'a>(schema: &Value, errors: &'a [ValidationError<'_>]) -> Vec<(&'a Location, String)> {
    let hints = |error: &'a ValidationError<'_>| {
        let hints: Vec<String> = unknown_keys(schema, error).filter_map(|(_, hint)| hint).collect();
        hints.into_iter().map(|hint| (error.instance_path(), hint))
    };
    errors.iter().flat_map(hints).collect()
}

/// The keys that the schema knows where it met an unknown one.
fn known_keys<'a>(schema: &'a Value, location: &Location) -> impl Iterator<Item = &'a str> {
    let object = location.as_str().rsplit_once('/').and_then(|(object, _)| schema.pointer(object));
    let keys = object.and_then(|object| object["properties"].as_object());
    keys.into_iter().flat_map(|keys| keys.keys().map(String::as_str))
}

/// Says in words what the schema found.
fn describe(error: &ValidationError<'_>) -> (String, Option<String>) {
    let found = error.instance();
    match error.kind() {
        ValidationErrorKind::Required { property } => (format!("the key {property} is missing"), None),
        ValidationErrorKind::Type { kind: TypeKind::Single(expected) } => {
            let expected = expected.to_string();
            (format!("expected {}, found {}", type_words(&expected), words(found)), quote_hint(&expected, found))
        }
        ValidationErrorKind::OneOfNotValid { context } => {
            let allowed: Vec<&str> = context
                .iter()
                .flatten()
                .filter_map(|error| match error.kind() {
                    ValidationErrorKind::Constant { expected_value } => expected_value.as_str(),
                    _ => None,
                })
                .collect();
            let hint = found.as_str().and_then(|found| did_you_mean(found, allowed.iter().copied()));
            (format!("expected {}, found {}", one_of(&allowed), words(found)), hint)
        }
        ValidationErrorKind::Constant { expected_value } => {
            (format!("expected {expected_value}, found {}", words(found)), None)
        }
        ValidationErrorKind::Not { .. } => {
            ("the default says what holds anyway".to_owned(), Some("leave the key out".to_owned()))
        }
        ValidationErrorKind::AnyOf { .. } => {
            let expected = "a placeholder's text, `{ value: … }` or `{ placeholder: … }`";
            (format!("expected {expected}, found {}", words(found)), None)
        }
        _ => (error.to_string(), None),
    }
}

fn type_words(name: &str) -> &str {
    match name {
        "string" => "a text",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a mapping",
        other => other,
    }
}

fn words(found: &Value) -> String {
    match found {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("the boolean {value}"),
        Value::Number(value) => format!("the number {value}"),
        Value::String(value) => format!("the text {value:?}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// YAML reads `22` and `yes` as more than texts, which surprises whoever transcribes a text.
fn quote_hint(expected: &str, found: &Value) -> Option<String> {
    match found {
        Value::Number(_) | Value::Bool(_) if expected == "string" => Some(format!("put it in quotes: \"{found}\"")),
        _ => None,
    }
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        quoted => format!("one of {}", quoted.join(", ")),
    }
}

/// The name of the entry that a path leads into.
fn entry_name(tree: &Value, steps: &[Step]) -> Option<String> {
    let [Step::Key(list), entry, ..] = steps else {
        return None;
    };
    match entry {
        Step::Key(name) => Some(name.clone()),
        Step::Index(index) => {
            let entry = &tree[list][index];
            let name = ["as", "wire", "token", "name"].iter().find_map(|key| entry[key].as_str())?;
            match ["accessor", "table"].iter().find_map(|key| tree[key].as_str()) {
                Some(owner) => Some(format!("{owner}.{name}")),
                None => Some(name.to_owned()),
            }
        }
    }
}

/// The words that lead a message: the entry's name, and the parameter's.
fn label(kind: Kind, tree: &Value, steps: &[Step]) -> String {
    let listed = matches!(steps, [Step::Key(list), ..] if kind.entries().contains(&list.as_str()));
    let Some(name) = listed.then(|| entry_name(tree, steps)).flatten() else {
        return String::new();
    };
    let part = match steps {
        [Step::Key(list), entry, Step::Key(parts), Step::Index(index), ..] => {
            let entry = match entry {
                Step::Key(name) => &tree[list][name],
                Step::Index(index) => &tree[list][index],
            };
            let noun = match parts.as_str() {
                "params" => "parameter",
                "members" => "member",
                _ => "",
            };
            entry[parts][index]["name"].as_str().filter(|_| !noun.is_empty()).map(|name| format!("{noun} {name:?}: "))
        }
        _ => None,
    };
    format!("{name}: {}", part.unwrap_or_default())
}

/// Finds texts with nothing in them; only values that travel may be empty.
fn blanks(kind: Kind, tree: &Value, mistakes: &mut Vec<Mistake>) {
    let mut pending = vec![(Vec::new(), tree)];
    while let Some((steps, value)) = pending.pop() {
        let child = |step| [steps.clone(), vec![step]].concat();
        match value {
            Value::String(text) if text.trim().is_empty() => {
                let message = format!("{}an empty text says nothing", label(kind, tree, &steps));
                mistakes.push(mistake(steps, message, None));
            }
            Value::Array(items) => {
                pending.extend(items.iter().enumerate().map(|(index, item)| (child(Step::Index(index)), item)));
            }
            Value::Object(members) => {
                let texts = members
                    .iter()
                    .filter(|(key, _)| !matches!(key.as_str(), "example" | "absent" | "sample" | "value" | "answer"));
                pending.extend(texts.map(|(key, member)| (child(Step::Key(key.clone())), member)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn remove(tree: &mut Value, steps: &[Step]) {
    let Some((Step::Key(key), around)) = steps.split_last() else {
        return;
    };
    let object = around.iter().try_fold(tree, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    });
    if let Some(Value::Object(object)) = object {
        object.remove(key);
    }
}

/// Takes the wrong entries out and remembers their names; `None` if something is wrong outside of entries.
fn keep(kind: Kind, tree: &mut Value, wrong: &[Vec<Step>], broken: &mut BTreeSet<String>) -> Option<Vec<usize>> {
    let mut positions = BTreeSet::new();
    let names: Vec<Option<String>> = wrong.iter().map(|steps| entry_name(tree, steps)).collect();
    for (steps, name) in wrong.iter().zip(names) {
        match steps.as_slice() {
            [Step::Key(list), Step::Index(index), ..] if kind.entries().contains(&list.as_str()) => {
                positions.insert(*index);
                broken.insert(name.unwrap_or_else(|| format!("{list}[{index}]")));
            }
            [Step::Key(list), Step::Key(key), ..] if kind.entries().contains(&list.as_str()) => {
                remove(tree, &steps[..2]);
                broken.insert(key.clone());
            }
            _ => return None,
        }
    }
    let [list] = kind.entries() else {
        return Some(Vec::new());
    };
    let entries = tree.get_mut(*list)?.as_array_mut()?;
    let kept: Vec<usize> = (0..entries.len()).filter(|index| !positions.contains(index)).collect();
    *entries = kept.iter().map(|index| entries[*index].take()).collect();
    Some(kept)
}
