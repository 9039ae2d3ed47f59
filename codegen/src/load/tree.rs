//! Reading YAML into a generic tree, and finding a place in it again.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::place::Step;

/// Reads a value into a generic tree, keeping the first of the keys that stand twice.
pub(crate) struct Tree<'a> {
    /// Where the reader is.
    pub(crate) path: &'a mut Vec<Step>,
    /// The keys that stand in a mapping already.
    pub(crate) duplicates: &'a mut Vec<Vec<Step>>,
}

impl Tree<'_> {
    fn child<T>(&mut self, step: Step, read: impl FnOnce(Tree<'_>) -> T) -> T {
        self.path.push(step);
        let value = read(Tree { path: self.path, duplicates: self.duplicates });
        self.path.pop();
        value
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a boolean, a list or a mapping")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::from).ok_or_else(|| E::custom("a number must be finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = self.child(Step::Index(items.len()), |tree| seq.next_element_seed(tree))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value, A::Error> {
        let mut members = serde_json::Map::new();
        let mut position = 0;
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                self.child(Step::Index(position), |tree| tree.duplicates.push(tree.path.clone()));
                map.next_value::<IgnoredAny>()?;
            } else {
                let value = self.child(Step::Key(key.clone()), |tree| map.next_value_seed(tree))?;
                members.insert(key, value);
            }
            position += 1;
        }
        Ok(Value::Object(members))
    }
}

/// Walks along a path and raises an error where it ends.
pub(crate) struct Walk<'a> {
    /// The way that is left.
    pub(crate) steps: &'a [Step],
    /// Whether the walk ends at the last key, rather than at its value.
    pub(crate) at_key: bool,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.steps {
            [] => deserializer.deserialize_any(Arrived),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or a mapping")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Some((Step::Index(index), steps)) = self.steps.split_first() {
            for _ in 0..*index {
                seq.next_element::<IgnoredAny>()?;
            }
            seq.next_element_seed(Walk { steps, at_key: self.at_key })?;
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((step, steps)) = self.steps.split_first() else {
            return Ok(());
        };
        let stop = self.at_key && steps.is_empty();
        let mut position = 0;
        while let Some(found) = map.next_key_seed(WalkKey { step, position, stop })? {
            if found {
                return map.next_value_seed(Walk { steps, at_key: self.at_key });
            }
            map.next_value::<IgnoredAny>()?;
            position += 1;
        }
        Ok(())
    }
}

/// Reads a key and says whether it is the one; raises an error if the walk ends at it.
struct WalkKey<'a> {
    step: &'a Step,
    position: usize,
    stop: bool,
}

impl<'de> DeserializeSeed<'de> for WalkKey<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for WalkKey<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        let found = match self.step {
            Step::Key(wanted) => wanted == key,
            Step::Index(index) => *index == self.position,
        };
        if found && self.stop { Err(E::custom("arrived")) } else { Ok(found) }
    }
}

/// Refuses whatever value stands at the end of the walk.
struct Arrived;

impl Visitor<'_> for Arrived {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing: the walk ends here")
    }
}
