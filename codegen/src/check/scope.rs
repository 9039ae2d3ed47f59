//! What the catalog's names mean: types, words of the documents, files of samples.

use crate::catalog::{Api, Enum, EnumWire, Struct};
use crate::load::Catalog;
use crate::load::place::Place;
use crate::types::{Type, Wire};

use super::{Difference, Report};

/// The words of the type language that stand alone.
const WORDS: [&str; 11] =
    ["int", "double", "bool", "string", "dateTime", "date", "bytes", "record", "value", "array", "map"];

/// The catalog, with questions that every check asks.
pub(super) struct Scope<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) api: &'a Api,
}

/// What a name of `types.yaml` stands for.
pub(super) enum Named<'a> {
    Id,
    Enum(&'a Enum),
    Struct(&'a Struct),
    /// Reported elsewhere: nothing more is said about it.
    Unknown,
}

/// A type with what travels for it.
pub(super) struct Typed {
    pub(super) type_: Type,
    pub(super) wire: Wire,
    /// Whether both could be read and all names are known: else nothing can be said of differences.
    pub(super) certain: bool,
}

impl Typed {
    /// The difference between a wire type that documents or samples show and ours, if there is one.
    pub(super) fn difference(&self, kind: &'static str, source: &str, theirs: Option<&Wire>) -> Option<Difference> {
        match theirs.filter(|_| self.certain) {
            None => Some(Difference::hidden(kind)),
            Some(theirs) if self.wire.accepts(theirs) => None,
            Some(theirs) => Some(Difference::new(kind, format!("{source} is {theirs}, ours {}", self.wire))),
        }
    }
}

impl<'a> Scope<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Scope<'a> {
        Scope { catalog, api: &catalog.api }
    }

    pub(super) fn named(&self, name: &str) -> Named<'a> {
        let types = &self.catalog.types;
        if types.ids.contains_key(name) {
            Named::Id
        } else if let Some(listed) = types.enums.get(name) {
            Named::Enum(listed)
        } else if let Some(described) = types.structs.get(name) {
            Named::Struct(described)
        } else {
            Named::Unknown
        }
    }

    /// The wire type of a type.
    pub(super) fn wire(&self, type_: &Type) -> Wire {
        self.catalog.types.wire(type_)
    }

    /// Reads `type:` and `wire:`, as far as they can be read.
    pub(super) fn typed(&self, text: &str, wire: Option<&str>) -> Typed {
        let parsed = Type::parse(text);
        let given = wire.map(Wire::parse);
        let names_known = |type_: &Type| type_.names().iter().all(|name| !matches!(self.named(name), Named::Unknown));
        let certain = parsed.as_ref().is_ok_and(names_known) && !matches!(given, Some(Err(_)));
        let type_ = parsed.unwrap_or(Type::Value);
        let own = self.wire(&type_);
        match given {
            Some(Ok(wire)) => Typed { certain: certain && self.can_travel(type_.required(), &wire), wire, type_ },
            Some(Err(_)) | None => Typed { certain, wire: own, type_ },
        }
    }

    /// Reads `type:` and `wire:` of the thing at a place, and reports what is wrong with them.
    pub(super) fn read(
        &self,
        text: &str,
        wire: Option<&str>,
        place: &Place,
        label: &str,
        report: &mut Report<'_>,
    ) -> Typed {
        let typed = self.typed(text, wire);
        report.is_complete &= typed.certain;
        self.report_type(text, &place.key("type"), label, report);
        let wrong = match wire.map(|text| (text, Wire::parse(text))) {
            None => None,
            Some((_, Err(error))) => Some(error),
            Some((text, Ok(wire))) if wire == self.wire(&typed.type_) => {
                Some(format!("`wire: {text}` says what holds anyway"))
            }
            Some((_, Ok(wire))) if self.can_travel(typed.type_.required(), &wire) => None,
            Some((_, Ok(wire))) => Some(format!("this type can't travel as {wire}")),
        };
        if let Some(error) = wrong {
            report.error(&place.key("wire"), format!("{label}: {error}"));
        }
        typed
    }

    fn report_type(&self, text: &str, place: &Place, label: &str, report: &mut Report<'_>) {
        let type_ = match Type::parse(text) {
            Ok(type_) => type_,
            Err(error) => return report.error(place, format!("{label}: {error}")),
        };
        let types = &self.catalog.types;
        for name in type_.names() {
            if matches!(self.named(name), Named::Unknown) && !self.catalog.broken.contains(name) {
                let known = types.ids.keys().chain(types.enums.keys()).chain(types.structs.keys());
                let known = known.map(String::as_str).chain(WORDS);
                report.unknown(place, label, "type", name, known);
            }
        }
        if let Err(error) = self.well_formed(type_.required()) {
            report.error(place, format!("{label}: {error}"));
        }
    }

    fn well_formed(&self, type_: &Type) -> Result<(), String> {
        match type_ {
            Type::Optional(_) => Err("`?` can only stand at the end of a type".to_owned()),
            Type::Array(inner) => self.well_formed(inner),
            Type::Map(key, value) => match key.as_ref() {
                Type::Int | Type::String => self.well_formed(value),
                Type::Named(name) if !matches!(self.named(name), Named::Struct(_)) => self.well_formed(value),
                _ => Err("the keys of a map are int, string, an id or an enum".to_owned()),
            },
            Type::Int | Type::Double | Type::Bool | Type::String | Type::DateTime | Type::Date => Ok(()),
            Type::Bytes | Type::Record | Type::Value | Type::Named(_) => Ok(()),
        }
    }

    fn can_travel(&self, type_: &Type, wire: &Wire) -> bool {
        match (type_, wire) {
            (Type::Bool, Wire::Int | Wire::String) => true,
            (Type::Int | Type::Double | Type::DateTime | Type::Date, Wire::String) => true,
            (Type::Named(name), Wire::String) => match self.named(name) {
                Named::Id | Named::Unknown => true,
                Named::Enum(listed) => listed.wire == EnumWire::Int,
                Named::Struct(_) => false,
            },
            (ours, wire) => self.wire(ours) == *wire,
        }
    }

    /// The wire type that the documents' word means; reports an unknown word.
    pub(super) fn documented(&self, text: &str, place: &Place, label: &str, report: &mut Report<'_>) -> Option<Wire> {
        let word = self.api.type_word(text);
        match self.api.documented_types.get(word) {
            Some(wire) => Wire::parse(wire).ok(),
            None => {
                let known = self.api.documented_types.keys().map(String::as_str);
                report.unknown(place, label, "documented type", word, known);
                None
            }
        }
    }
}
