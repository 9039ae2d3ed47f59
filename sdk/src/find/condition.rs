//! Conditions: what a query asks of a column.

use std::fmt;
use std::marker::PhantomData;

use super::operand::{Comparable, Operand, Patterned};
use super::operator::{NULL, Operator, Test, compare, equal, in_month, literal, not_read};
use super::shape::{METHOD, Shape};
use crate::datetime::{Date, DateTime};
use crate::error::Error;
use crate::record::Record;
use crate::table::rights::Read;
use crate::table::{Column, Table, Whole};
use crate::value::Value;

/// How many ids an `IN` can name, by the documents.
pub(super) const MAX_IDS: usize = 1000;

/// A condition on a column of the table `T`: made by the methods of [`Column`], taken by
/// [`Find::filter`](super::Find::filter) and [`conditions`].
///
/// All conditions of a query must hold, and each column can have one: the server knows no ranges and no alternatives.
#[must_use = "a condition does nothing before a query takes it, as `Find::filter` does"]
pub struct Condition<T> {
    pub(super) field: String,
    /// The test, or why there can't be one; that is told when the query begins.
    pub(super) test: Result<Test, String>,
    of: PhantomData<fn() -> T>,
}

/// Conditions. Texts are compared without regard to case.
impl<T, V, R> Column<T, V, R> {
    /// Takes the rows whose column has this value; for a day, at whatever time of it.
    ///
    /// ```
    /// # use infusionsoft::tables::Contact;
    /// # let condition =
    /// Contact::EMAIL.equals("ada@example.com")
    /// # ;
    /// ```
    ///
    /// The server takes `%` in a text for any run of characters, and knows no way to mean the character itself; it also
    /// reads texts that begin with an operator such as `~>~`. So the query fails with
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, for such texts, and for an empty one:
    /// use [`like`](Column::like) or [`is_null`](Column::is_null).
    pub fn equals(&self, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
        R: Read,
    {
        self.condition(with(value, equal))
    }

    /// Takes the rows whose column has another value, but not those where it has none.
    ///
    /// An id of 0, which rows read as `None`, is a value to the server: such rows are taken too.
    ///
    /// A text must be as [`equals`](Column::equals) demands. A day is taken for its midnight.
    pub fn not_equals(&self, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
        R: Read,
    {
        self.compare(Operator::NotEqual, value)
    }

    /// Takes the rows whose column is greater or later than the value; for a day, after its end.
    ///
    /// ```
    /// # use infusionsoft::{DateTime, tables::Contact};
    /// let new_year = DateTime::new(2026, 1, 1, 0, 0, 0)?;
    /// # let condition =
    /// Contact::LAST_UPDATED.above(new_year)
    /// # ;
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    ///
    /// A text must be as [`equals`](Column::equals) demands.
    pub fn above(&self, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
        R: Read,
    {
        self.compare(Operator::Above, value)
    }

    /// Takes the rows whose column is the value, or greater or later; for a day, from its midnight on.
    ///
    /// A text must be as [`equals`](Column::equals) demands.
    pub fn at_least(&self, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
        R: Read,
    {
        self.compare(Operator::AtLeast, value)
    }

    /// Takes the rows whose column is smaller or earlier than the value; for a day, before its midnight.
    ///
    /// A text must be as [`equals`](Column::equals) demands.
    pub fn below(&self, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
        R: Read,
    {
        self.compare(Operator::Below, value)
    }

    /// Takes the rows whose column is the value, or smaller or earlier; for a day, until its end.
    ///
    /// A text must be as [`equals`](Column::equals) demands.
    pub fn at_most(&self, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
        R: Read,
    {
        self.compare(Operator::AtMost, value)
    }

    /// Takes the rows whose column has no value.
    ///
    /// An id of 0, which rows read as `None`, is a value to the server: `equals(0)` takes such rows.
    pub fn is_null(&self) -> Condition<T>
    where
        R: Read,
    {
        self.condition(Ok(Test::Text(NULL.to_owned())))
    }

    /// Takes the rows whose column has a value: those that match the pattern `%`.
    pub fn is_not_null(&self) -> Condition<T>
    where
        V: Patterned,
        R: Read,
    {
        self.condition(Ok(Test::Text("%".to_owned())))
    }

    /// Takes the rows whose column has one of these ids.
    ///
    /// ```
    /// # use infusionsoft::{ContactId, tables::Contact};
    /// # let condition =
    /// Contact::ID.is_in([ContactId(18), ContactId(22)])
    /// # ;
    /// ```
    ///
    /// The server does this for ids only, and for 1,000 of them at once. A query by more of them is sent in parts, one after
    /// the other in the order of the ids, each id once; it can't be ordered then, and only one column can name so many. A
    /// query by no ids finds nothing and sends nothing.
    pub fn is_in(&self, ids: impl IntoIterator<Item = V>) -> Condition<T>
    where
        V: Whole,
        R: Read,
    {
        let mut ids: Vec<i32> = ids.into_iter().map(Into::into).collect();
        ids.sort_unstable();
        ids.dedup();
        self.condition(Ok(Test::In(ids)))
    }

    fn compare(&self, operator: Operator, value: impl Operand<V>) -> Condition<T>
    where
        V: Comparable,
    {
        self.condition(with(value, |value, day| compare(operator, value, day)))
    }

    fn condition(&self, test: Result<Test, String>) -> Condition<T> {
        Condition { field: self.name().to_owned(), test, of: PhantomData }
    }
}

/// Conditions on texts, without regard to case.
impl<T, R> Column<T, String, R> {
    /// Takes the rows whose column matches a pattern, in which `%` stands for any run of characters.
    ///
    /// ```
    /// # use infusionsoft::tables::Contact;
    /// # let condition =
    /// Contact::EMAIL.like("%@example.com")
    /// # ;
    /// ```
    ///
    /// The query fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if the pattern is
    /// empty or begins with an operator such as `~>~`, which the server would read.
    pub fn like(&self, pattern: &str) -> Condition<T>
    where
        R: Read,
    {
        self.condition(not_read(pattern).map(|()| Test::Text(pattern.to_owned())))
    }

    /// Takes the rows whose column begins with a text, which must be as [`equals`](Column::equals) demands.
    pub fn starts_with(&self, text: &str) -> Condition<T>
    where
        R: Read,
    {
        self.condition(literal(text).map(|()| Test::Text(format!("{text}%"))))
    }

    /// Takes the rows whose column ends with a text, which must be as [`equals`](Column::equals) demands.
    pub fn ends_with(&self, text: &str) -> Condition<T>
    where
        R: Read,
    {
        self.condition(literal(text).map(|()| Test::Text(format!("%{text}"))))
    }

    /// Takes the rows in whose column there is a text, which must be as [`equals`](Column::equals) demands.
    pub fn contains(&self, text: &str) -> Condition<T>
    where
        R: Read,
    {
        self.condition(literal(text).map(|()| Test::Text(format!("%{text}%"))))
    }
}

/// Conditions on points in the server's civil time: the nearest things to ranges that the server has.
///
/// The conditions of all columns take a [`Date`] here too, for the whole day: `at_most(day)` ends with its last second.
impl<T, R> Column<T, DateTime, R> {
    /// Takes the rows whose column lies on a day.
    pub fn on(&self, day: Date) -> Condition<T>
    where
        R: Read,
    {
        self.condition(equal(Value::from(day), true))
    }

    /// Takes the rows whose column lies in a month, from 1 to 12, of a year.
    ///
    /// ```
    /// # use infusionsoft::tables::Contact;
    /// # let condition =
    /// Contact::DATE_CREATED.in_month(2026, 6)
    /// # ;
    /// ```
    ///
    /// The query fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if there is no such
    /// month.
    pub fn in_month(&self, year: i16, month: i8) -> Condition<T>
    where
        R: Read,
    {
        self.condition(in_month(year, month))
    }
}

/// Conditions on days: the nearest things to ranges that the server has.
impl<T, R> Column<T, Date, R> {
    /// Takes the rows whose column lies in a month, from 1 to 12, of a year.
    ///
    /// The query fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, if there is no such
    /// month.
    pub fn in_month(&self, year: i16, month: i8) -> Condition<T>
    where
        R: Read,
    {
        self.condition(in_month(year, month))
    }
}

/// The conditions as the record that [`Data::query`](crate::data::Data::query) and [`Data::count`](crate::data::Data::count)
/// take.
///
/// ```
/// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
/// use infusionsoft::find::conditions;
/// use infusionsoft::tables::Contact;
///
/// let at_example = Contact::EMAIL.like("%@example.com");
/// let at_example = conditions([at_example, Contact::LAST_NAME.is_null()])?;
/// let count = client.data().count("Contact", at_example)?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), naming the field, if a column has two conditions, if a
/// condition can't be sent as it is meant, or if [`is_in`](Column::is_in) names no id or more than 1,000.
pub fn conditions<T: Table>(conditions: impl IntoIterator<Item = Condition<T>>) -> Result<Record, Error> {
    let mut tests = Vec::new();
    for condition in conditions {
        add(&mut tests, &Shape::of::<T>(), condition.field, condition.test).map_err(invalid)?;
    }
    for (field, test) in &tests {
        if let Test::In(ids) = test
            && (ids.is_empty() || ids.len() > MAX_IDS)
        {
            let count = ids.len();
            return Err(invalid(format!("queryData.{field} names {count} ids, 1 to {MAX_IDS} are allowed")));
        }
    }
    Ok(tests.into_iter().map(|(field, test)| (field, test.into_value())).collect())
}

/// Tests a column against a value, or against the day that it stands for.
fn with<V: Comparable, O: Operand<V>>(
    value: O,
    test: impl FnOnce(Value, bool) -> Result<Test, String>,
) -> Result<Test, String> {
    test(value.into_value().into(), V::DAY || O::DAY)
}

/// The test of a field.
pub(super) fn of<'t>(tests: &'t [(String, Test)], field: &str) -> Option<&'t Test> {
    tests.iter().find(|(other, _)| other == field).map(|(_, test)| test)
}

/// Adds a test to others.
pub(super) fn add(
    tests: &mut Vec<(String, Test)>,
    shape: &Shape,
    field: String,
    test: Result<Test, String>,
) -> Result<(), String> {
    let test = test.map_err(|problem| format!("queryData.{field} {problem}"))?;
    if of(tests, &field).is_some() {
        return Err(format!("queryData.{field} has two conditions, and the server takes one for each field"));
    }
    if matches!(test, Test::In(_)) && !shape.is_id(&field) {
        return Err(format!("queryData.{field} is not an id, and the server looks for one of several ids only"));
    }
    tests.push((field, test));
    Ok(())
}

impl<T> Clone for Condition<T> {
    fn clone(&self) -> Self {
        Condition { field: self.field.clone(), test: self.test.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Condition<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.field).field(&self.test).finish()
    }
}

pub(super) fn invalid(problem: String) -> Error {
    Error::invalid_request(METHOD, problem)
}
