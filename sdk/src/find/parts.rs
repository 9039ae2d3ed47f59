//! Conditions that name more ids than a query may: they are sent one part after the other.

use super::condition::MAX_IDS;
use super::operator::Test;
use super::shape::Shape;
use crate::record::Record;
use crate::value::Value;

/// The conditions that are sent one after the other.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// The field that names ids, if one does.
    field: Option<String>,
    /// All of them; each part has up to 1,000.
    ids: Vec<i32>,
    /// How many parts there are: one if no field names ids, none if nothing can be found.
    pub(super) count: usize,
    /// Whether each id is one row's at most.
    pub(super) unique: bool,
}

impl Parts {
    /// The conditions, and apart from them that which names the most ids.
    pub(super) fn split(tests: Vec<(String, Test)>, shape: &Shape) -> (Record, Parts) {
        let (mut none, mut most, mut largest) = (false, 1, None);
        for (field, test) in &tests {
            if let Test::In(ids) = test {
                none |= ids.is_empty();
                if ids.len() >= most {
                    (most, largest) = (ids.len(), Some(field.clone()));
                }
            }
        }
        let unique = largest.is_some() && largest.as_deref() == shape.key() && shape.other_ids().is_empty();
        let count = match largest {
            _ if none => 0,
            Some(_) => most.div_ceil(MAX_IDS),
            None => 1,
        };
        let mut parts = Parts { field: largest, ids: Vec::new(), count, unique };
        let mut conditions = Record::new();
        for (field, test) in tests {
            match test {
                Test::In(ids) if parts.field.as_ref() == Some(&field) => parts.ids = ids,
                test => drop(conditions.insert(field, test.into_value())),
            }
        }
        (conditions, parts)
    }

    /// The conditions of one part.
    pub(super) fn of(&self, conditions: &Record, part: usize) -> Record {
        let mut conditions = conditions.clone();
        if let Some(field) = &self.field {
            conditions.insert(field.as_str(), Value::from(self.ids(part)));
        }
        conditions
    }

    /// The ids of one part.
    pub(super) fn ids(&self, part: usize) -> &[i32] {
        self.ids.chunks(MAX_IDS).nth(part).unwrap_or_default()
    }
}
