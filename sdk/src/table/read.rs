//! Rows read field by field: one reader for all tables, not generic over them.

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{EnumAccessDeserializer, MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::column::{ColumnInfo, Kind};
use super::row::{Field, Row};
use crate::names::NameSeed;
use crate::value::Value;
use crate::wire::DYNAMIC;

/// Reads a row.
///
/// # Errors
///
/// If a value is not of its column's type.
pub fn read<'de, T: Row + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut row = T::default();
    deserialize(&mut row, deserializer)?;
    Ok(row)
}

/// Reads a row where it stays.
///
/// # Errors
///
/// If a value is not of its column's type.
pub fn deserialize<'de, D: Deserializer<'de>>(row: &mut dyn Row, deserializer: D) -> Result<(), D::Error> {
    let mut order = LAST.try_with(Cell::take).unwrap_or_default();
    order.restart(row.columns());
    RowSeed { row, order: &mut order }.deserialize(deserializer)?;
    // A row that is read while the thread ends leaves nothing behind.
    let _ = LAST.try_with(|last| last.set(order));
    Ok(())
}

thread_local! {
    /// The order of the members in the row that this thread has read last.
    static LAST: Cell<MemberOrder> = const { Cell::new(MemberOrder::new()) };
}

/// Where columns are found by their names. A server writes the members of each row in the same order, whatever that is:
/// after a column comes the one that came after it in the row before.
#[derive(Default)]
struct MemberOrder {
    columns: &'static [ColumnInfo],
    /// How many of them can be read: only those are sorted.
    readable: usize,
    /// For each of those, the one that followed it; at the end, the one that came first.
    followers: Vec<usize>,
    last: usize,
}

impl MemberOrder {
    const fn new() -> MemberOrder {
        MemberOrder { columns: &[], readable: 0, followers: Vec::new(), last: 0 }
    }

    fn restart(&mut self, columns: &'static [ColumnInfo]) {
        // A table without columns can be at the same place as those of the start.
        if self.followers.is_empty() || !std::ptr::eq(self.columns, columns) {
            self.columns = columns;
            self.readable = columns.iter().position(|column| !column.can_read()).unwrap_or(columns.len());
            self.followers.clear();
            self.followers.resize(self.readable + 1, 0);
        }
        self.last = self.readable;
    }

    fn find(&mut self, name: &str) -> Option<usize> {
        let readable = &self.columns[..self.readable];
        let guess = self.followers[self.last];
        let found = match readable.get(guess) {
            Some(column) if column.name == name => guess,
            _ => readable.binary_search_by(|column| column.name.cmp(name)).ok()?,
        };
        self.followers[self.last] = found;
        self.last = found;
        Some(found)
    }
}

struct RowSeed<'r, 'o> {
    row: &'r mut dyn Row,
    order: &'o mut MemberOrder,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let columns = self.order.columns;
        let mut extra: Vec<(String, Value)> = Vec::new();
        // A name that isn't a column's is kept.
        let mut find = |name: &str| self.order.find(name).ok_or_else(|| name.to_owned());
        while let Some(column) = members.next_key_seed(NameSeed(&mut find))? {
            match column {
                Ok(index) => {
                    if let (Some(field), Some(column)) = (self.row.field_mut(index), columns.get(index)) {
                        members.next_value_seed(FieldSeed { field, column })?;
                    }
                }
                Err(name) => extra.push((name, members.next_value()?)),
            }
        }
        *self.row.extra_mut() = extra.into_iter().collect();
        Ok(())
    }
}

struct FieldSeed<'r> {
    field: &'r mut dyn Field,
    column: &'static ColumnInfo,
}

impl FieldSeed<'_> {
    /// Takes a value of any type.
    fn take<E: Error>(self, mut value: Value) -> Result<(), E> {
        if self.column.is_none(&value) {
            return Ok(());
        }
        self.field.set(&mut value).map_err(|expected| E::custom(mismatch(self.column, expected, &value)))
    }
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_newtype_struct(DYNAMIC, self)
    }
}

/// Takes whatever comes, as a [`Value`] would. Numbers and texts, which are most cells, need not become one.
impl<'de> Visitor<'de> for FieldSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        if number == 0 && self.column.kind == Kind::Id {
            return Ok(());
        }
        self.field.int(number).map_err(|expected| E::custom(mismatch(self.column, expected, &Value::Int(number))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.column.is_blank(text) {
            return Ok(());
        }
        self.field.text(text).map_err(|expected| E::custom(mismatch(self.column, expected, &Value::from(text))))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.visit_i64(i64::try_from(number).map_err(E::custom)?)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        self.take(Value::Bool(flag))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.take(Value::Double(number))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.take(Value::Bytes(bytes.to_vec()))
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<(), A::Error> {
        self.take(Value::deserialize(EnumAccessDeserializer::new(data))?)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<(), A::Error> {
        self.take(Value::deserialize(SeqAccessDeserializer::new(elements))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        self.take(Value::deserialize(MapAccessDeserializer::new(members))?)
    }
}

impl ColumnInfo {
    /// Whether a value means none: a nil, an empty text where no text is declared, 0 where an id is.
    fn is_none(&self, value: &Value) -> bool {
        match value {
            Value::Nil => true,
            Value::String(text) => self.is_blank(text),
            Value::Int(0) => self.kind == Kind::Id,
            _ => false,
        }
    }

    /// Whether a text means none.
    fn is_blank(&self, text: &str) -> bool {
        match self.kind {
            Kind::String | Kind::Unknown => false,
            Kind::Id => matches!(text.trim(), "" | "0"),
            _ => text.trim().is_empty(),
        }
    }
}

#[cold]
fn mismatch(column: &ColumnInfo, expected: &str, value: &Value) -> String {
    match value {
        Value::String(text) if !column.sensitive => {
            format!("expected {expected}, got {:?}", text.chars().take(40).collect::<String>())
        }
        other => format!("expected {expected}, got {}", other.type_name()),
    }
}

#[cfg(test)]
mod tests {
    use super::MemberOrder;

    #[test]
    fn a_table_without_columns_has_none_of_any_name() {
        let mut order = MemberOrder::new();
        order.restart(order.columns);
        assert_eq!(order.find("Id"), None);
    }
}
