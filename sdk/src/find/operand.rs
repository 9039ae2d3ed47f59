//! What columns are compared with.

use crate::datetime::{Date, DateTime};
use crate::table::Whole;
use crate::value::Value;

/// A type of values that can be compared.
///
/// A type of your own can be one, for the values of a custom field.
#[diagnostic::on_unimplemented(
    message = "columns with values of type `{Self}` can't be compared",
    label = "rows can't be found by values of this type"
)]
pub trait Comparable: Into<Value> {
    /// Whether a value stands for a whole day, and so for every time of it.
    const DAY: bool = false;
}

/// Declares the types whose values are no days.
macro_rules! comparable {
    ($($type:ty)*) => {$(
        impl Comparable for $type {}
    )*};
}

comparable! { String bool i64 f64 DateTime Value }

impl Comparable for Date {
    const DAY: bool = true;
}

#[diagnostic::do_not_recommend]
impl<T: Whole + Into<Value>> Comparable for T {}

/// A type of values that a pattern with `%` can match: texts, days and points in time.
#[diagnostic::on_unimplemented(
    message = "no pattern matches columns with values of type `{Self}`",
    label = "only texts, days and times match the pattern `%`",
    note = "`not_equals()` leaves out the rows without a value"
)]
pub trait Patterned {}

impl Patterned for String {}
impl Patterned for Date {}
impl Patterned for DateTime {}

/// What a column with values of type `V` is compared with: all that converts into a `V`, and a [`Date`] where a column
/// holds a [`DateTime`], for the whole day.
#[diagnostic::on_unimplemented(
    message = "a column with values of type `{V}` can't be compared with `{Self}`",
    label = "not a value of this column",
    note = "rows whose column has no value are found with `is_null()`"
)]
pub trait Operand<V> {
    /// Whether it stands for a whole day, whatever `V` says.
    const DAY: bool = false;

    /// The value; of a day, its midnight.
    fn into_value(self) -> V;
}

#[diagnostic::do_not_recommend]
impl<V, T: Into<V>> Operand<V> for T {
    fn into_value(self) -> V {
        self.into()
    }
}

impl Operand<DateTime> for Date {
    const DAY: bool = true;

    fn into_value(self) -> DateTime {
        self.at_midnight()
    }
}
