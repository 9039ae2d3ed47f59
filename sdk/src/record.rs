//! Structs with free member names: the rows of tables, and the data of a new contact.

mod de;
mod problem;
mod ser;

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Deserializer};

use crate::convert::FromValue;
use crate::error::Error;
use crate::names::{self, Name};
use crate::value::Value;

pub(crate) use de::from_value;
pub(crate) use ser::to_value;

/// A struct with free member names, such as a row of a table.
///
/// Members are kept in the order of their names. [`record!`](crate::record!) writes one down:
///
/// ```
/// use infusionsoft::{record, ContactId};
///
/// let ada = record! { "Id" => ContactId(18), "FirstName" => "Ada" };
/// let name: &str = ada.get("FirstName")?;
/// let id: ContactId = ada.get("Id")?;
/// let company: Option<&str> = ada.get("Company")?;
/// assert_eq!((name, id, company), ("Ada", ContactId(18), None));
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Record {
    /// Sorted by name, each name once.
    members: Vec<(Name, Value)>,
}

impl Record {
    /// An empty record.
    pub fn new() -> Record {
        Record::default()
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Sets a member, and answers what it held before. An `Option` is no value: leave out what is `None`, as
    /// [`record!`](crate::record!) shows.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.set(Name::Own(name.into()), value.into())
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name).ok()?;
        Some(self.members.remove(at).1)
    }

    /// A member as it came, if the record has it.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let at = self.position(name).ok()?;
        Some(&self.members[at].1)
    }

    /// Whether the record has a member of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// A member as a type of your choice.
    ///
    /// Conversions are as lenient as the reading of answers: a text that holds a number is read as one where a number is
    /// asked for, `1` and `"true"` as a `bool`, base64 as [`Bytes`](crate::Bytes), a nil or a blank text as an empty `Vec` or
    /// `Record`. `Option` is `None` for a member that is missing, since the server leaves out what is null.
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the member is missing or not of that type; the text names it.
    pub fn get<'a, T: FromValue<'a>>(&'a self, name: &str) -> Result<T, Error> {
        match self.value(name) {
            Some(value) => T::from_value(value).ok_or_else(|| Error::wrong_member(name, T::EXPECTED, value)),
            None => T::absent().ok_or_else(|| Error::missing_member(name, self.names())),
        }
    }

    /// A member as a type of your choice, or another value if it is missing or nil.
    ///
    /// ```
    /// use infusionsoft::record;
    ///
    /// let ada = record! { "FirstName" => "Ada" };
    /// assert_eq!(ada.get_or("Company", "none")?, "none");
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the member is not of that type; the text names it.
    pub fn get_or<'a, T: FromValue<'a>>(&'a self, name: &str, default: T) -> Result<T, Error> {
        self.get::<Option<T>>(name).map(|value| value.unwrap_or(default))
    }

    /// The record as a type of yours, by its `Deserialize`.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use infusionsoft::record;
    ///
    /// // A struct with `#[derive(serde::Deserialize)]` does as well.
    /// let row = record! { "Apples" => 3, "Pears" => "4" };
    /// let stock: BTreeMap<&str, i32> = row.to()?;
    /// assert_eq!(stock["Pears"], 4);
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    ///
    /// Conversions are as lenient as those of [`get`](Record::get), but for one: an empty text is `None` for an `Option` of
    /// any type, as a nil is, even for an `Option<String>`. A `String` with `#[serde(default)]` keeps it. Members that the type
    /// doesn't know are left alone. A [`Secret`](crate::Secret) stays one in a `Secret`, a `Value` or a `Record`; a field that is
    /// declared as a text shows it.
    ///
    /// Under `#[serde(flatten)]`, `untagged` and the like, serde keeps the members for later by itself: there, times and secrets
    /// become texts, and nothing is converted any more.
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode) if a member is missing or of another type; the text names it.
    pub fn to<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        de::from_record(self)
    }

    /// Writes a value of yours down as a record, by its `Serialize`: a struct, or a map with texts or whole numbers as keys.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use infusionsoft::{Record, record};
    ///
    /// // A struct with `#[derive(serde::Serialize)]` does as well.
    /// let stock = BTreeMap::from([("Apples", Some(3)), ("Pears", None)]);
    /// assert_eq!(Record::from_serialize(&stock)?, record! { "Apples" => 3 });
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    ///
    /// A member that is `None` is left out, as the server does. [`DateTime`](crate::DateTime), [`Date`](crate::Date), ids and
    /// [`Bytes`](crate::Bytes) become what they are on the wire; a `Vec<u8>` is a list of numbers. The null of a JSON value stays,
    /// as [`Value::Nil`], which is refused when it is sent.
    ///
    /// # Errors
    ///
    /// Of kind [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if it is neither a struct nor a map, or if a
    /// member can't be written; the text names it.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Record, Error> {
        match to_value(value)? {
            Value::Struct(record) => Ok(record),
            other => {
                Err(Error::invalid(format!("a record is made of a struct or a map, not of {}", other.type_name())))
            }
        }
    }

    /// The members in the order of their names.
    pub fn iter(&self) -> RecordIter<'_> {
        RecordIter(self.members.iter())
    }

    /// The names of the members, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// The members that are lists, with their lengths: what documented limits are checked on.
    #[doc(hidden)]
    pub fn lists(&self) -> impl Iterator<Item = (&str, usize)> {
        self.iter().filter_map(|(name, value)| Some((name, value.as_array()?.len())))
    }

    fn set(&mut self, name: Name, value: Value) -> Option<Value> {
        match self.position(name.as_str()) {
            Ok(at) => Some(std::mem::replace(&mut self.members[at].1, value)),
            Err(at) => {
                self.members.insert(at, (name, value));
                None
            }
        }
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.members.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// Sorts once at the end: inserting one by one would be quadratic in what a server sends.
    fn from_unsorted(mut members: Vec<(Name, Value)>) -> Record {
        members.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        members.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Record { members }
    }

    /// The members in the order of their names, to take over.
    pub(crate) fn into_members(self) -> impl ExactSizeIterator<Item = (String, Value)> {
        self.members.into_iter().map(|(name, value)| (name.into_string(), value))
    }

    pub(crate) fn collect<'de, A: MapAccess<'de>>(source: A) -> Result<Record, A::Error> {
        let (members, is_sorted) = names::read(source)?;
        Ok(if is_sorted { Record { members } } else { Record::from_unsorted(members) })
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Record {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Record {
        Record::from_unsorted(members.into_iter().map(|(name, value)| (Name::Own(name.into()), value.into())).collect())
    }
}

impl<K: Into<String>, V: Into<Value>> Extend<(K, V)> for Record {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        let mut all = std::mem::take(&mut self.members);
        all.extend(members.into_iter().map(|(name, value)| (Name::Own(name.into()), value.into())));
        *self = Record::from_unsorted(all);
    }
}

impl IntoIterator for Record {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_members().collect::<Vec<_>>().into_iter()
    }
}

impl<'a> IntoIterator for &'a Record {
    type Item = (&'a str, &'a Value);
    type IntoIter = RecordIter<'a>;

    fn into_iter(self) -> RecordIter<'a> {
        self.iter()
    }
}

/// The members of a [`Record`] in the order of their names: see [`Record::iter`].
#[derive(Clone)]
pub struct RecordIter<'a>(std::slice::Iter<'a, (Name, Value)>);

impl<'a> Iterator for RecordIter<'a> {
    type Item = (&'a str, &'a Value);

    fn next(&mut self) -> Option<(&'a str, &'a Value)> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for RecordIter<'_> {}

impl fmt::Debug for RecordIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RecordVisitor;

        impl<'de> Visitor<'de> for RecordVisitor {
            type Value = Record;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a struct")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Record, A::Error> {
                Record::collect(members)
            }
        }

        deserializer.deserialize_map(RecordVisitor)
    }
}

/// Writes a [`Record`] down: `record! { "FirstName" => "Ada", "Age" => 36 }`.
///
/// An `Option` is no value, since requests carry no null: set the member where there is one, or write a struct of yours down
/// by [`Record::from_serialize`], which leaves out what is `None`.
///
/// ```
/// use infusionsoft::record;
///
/// let city = std::env::var("CITY").ok();
/// let mut ada = record! { "FirstName" => "Ada" };
/// if let Some(city) = city {
///     ada.insert("City", city);
/// }
/// ```
#[macro_export]
macro_rules! record {
    ($($name:expr => $value:expr),* $(,)?) => {{
        #[allow(unused_mut, reason = "an empty record is never changed")]
        let mut record = $crate::Record::new();
        $(record.insert($name, $value);)*
        record
    }};
}
