//! What all ids and enums have in common: a scalar travels for them.

use crate::convert::FromValue;
use crate::value::Value;

/// An id or an enum, by what travels for it.
pub trait Scalar: From<Self::Held> + Into<Self::Held> {
    /// What travels.
    type Held: Into<Value> + for<'a> FromValue<'a>;
}

/// All ids and enums.
#[diagnostic::do_not_recommend]
impl<T: Scalar> From<T> for Value {
    fn from(scalar: T) -> Value {
        scalar.into().into()
    }
}

/// All ids and enums.
#[diagnostic::do_not_recommend]
impl<'a, T: Scalar> FromValue<'a> for T {
    const EXPECTED: &'static str = <T::Held as FromValue<'a>>::EXPECTED;

    fn from_value(value: &'a Value) -> Option<T> {
        T::Held::from_value(value).map(T::from)
    }
}
