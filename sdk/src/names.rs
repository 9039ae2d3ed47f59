//! Names of members, which the records of a page share.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};

use crate::value::{Place, Value};

/// The name of a member.
#[derive(Clone)]
pub(crate) enum Name {
    Own(String),
    Shared(Arc<str>),
}

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Name::Own(name) => name,
            Name::Shared(name) => name,
        }
    }

    pub(crate) fn into_string(self) -> String {
        match self {
            Name::Own(name) => name,
            Name::Shared(name) => (*name).to_owned(),
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.as_str() == other.as_str()
    }
}

/// Members, each with its name.
pub(crate) type Members = Vec<(Name, Value)>;

/// How many names are known at most, and how long: finding none among them must stay cheap, whatever a server sends.
const MOST: usize = 256;
const LONGEST: usize = 64;

thread_local! {
    /// What the last record taught. The rows of a page have the same names, in the same order but for gaps.
    static KNOWN: Cell<Known> = const { Cell::new(Known::new()) };
}

/// Names that were met before.
#[derive(Default)]
struct Known {
    /// Each name once, as they came, with room for its value in the record that is being read.
    names: Vec<Slot>,
    /// The indices of the names, in the order of the names.
    order: Vec<usize>,
}

/// A name, and its value in the record that is being read.
struct Slot {
    name: Arc<str>,
    value: Value,
    is_set: bool,
}

/// A name that was read.
enum Found {
    Known(usize),
    Other(String),
}

/// Reads the members of a record, and says whether they are sorted by name, each name once. If they aren't, the last of
/// each name counts.
pub(crate) fn read<'de, A: MapAccess<'de>>(mut source: A) -> Result<(Members, bool), A::Error> {
    let mut known = KNOWN.try_with(Cell::take).unwrap_or_default();
    let mut others = Members::new();
    let (mut next, mut count) = (0, 0);
    loop {
        // Names that aren't known are not looked for without end.
        let found = if others.len() < MOST {
            source.next_key_seed(NameSeed(|name: &str| known.find(name, next)))?
        } else {
            source.next_key()?.map(Found::Other)
        };
        let Some(found) = found else { return Ok(known.finish(count, others)) };
        count += 1;
        match found {
            Found::Known(at) => {
                let slot = &mut known.names[at];
                source.next_value_seed(Place(&mut slot.value))?;
                slot.is_set = true;
                next = at + 1;
            }
            Found::Other(name) => others.push((Name::Own(name), source.next_value()?)),
        }
    }
}

impl Known {
    const fn new() -> Known {
        Known { names: Vec::new(), order: Vec::new() }
    }

    /// Finds or learns a name; the search begins where the name is expected.
    fn find(&mut self, name: &str, next: usize) -> Found {
        let (before, after) = self.names.split_at(next.min(self.names.len()));
        let is_name = |slot: &Slot| *slot.name == *name;
        if let Some(at) = after.iter().position(is_name) {
            return Found::Known(before.len() + at);
        }
        if let Some(at) = before.iter().position(is_name) {
            return Found::Known(at);
        }
        if self.names.len() == MOST || name.len() > LONGEST {
            return Found::Other(name.to_owned());
        }
        let at = self.names.len();
        let place = self.order.partition_point(|&other| *self.names[other].name < *name);
        self.order.insert(place, at);
        self.names.push(Slot { name: name.into(), value: Value::Nil, is_set: false });
        Found::Known(at)
    }

    /// Takes the members out, and says whether they are sorted; keeps the names for the next record.
    fn finish(mut self, count: usize, others: Members) -> (Members, bool) {
        let mut members = Members::with_capacity(count);
        for &at in &self.order {
            let slot = &mut self.names[at];
            if std::mem::take(&mut slot.is_set) {
                let value = std::mem::replace(&mut slot.value, Value::Nil);
                members.push((Name::Shared(Arc::clone(&slot.name)), value));
            }
        }
        let is_sorted = others.is_empty();
        members.extend(others);
        // Names that were no help are forgotten, as are all when the thread ends.
        if is_sorted && self.names.len() <= 2 * count + 16 {
            let _ = KNOWN.try_with(|known| known.set(self));
        }
        (members, is_sorted)
    }
}

/// Reads a name through a function of it, so that no text need be allocated.
pub(crate) struct NameSeed<F>(pub(crate) F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for NameSeed<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for NameSeed<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok(self.0(name))
    }
}
