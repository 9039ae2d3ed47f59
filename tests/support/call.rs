//! What the generated table says of each entry of the catalog.

use std::fmt::{self, Debug};

use infusionsoft::{Client, Error};

/// An entry of the catalog with its example.
pub struct Call {
    /// The entry's name, which its samples and snapshots bear.
    pub entry: &'static str,
    /// The method's name on the wire.
    pub method: &'static str,
    /// The generated function, such as `contacts().load`.
    pub function: &'static str,
    /// The example's arguments, as Rust writes them.
    pub arguments: &'static str,
    /// The example.
    pub call: fn(&Client) -> Result<Example, Error>,
    /// Whether the key leads the parameters.
    pub keyed: bool,
    /// The parameters on the wire, without the key.
    pub params: &'static [Param],
    /// The documented request.
    pub request: Option<&'static str>,
    /// Whether the catalog gives a reason for a method name that differs from the documented request's.
    pub other_name: bool,
    /// Whether the catalog gives a reason for a number of parameters that differs from the documented request's.
    pub other_count: bool,
    /// What the documented response shows.
    pub documented: Documented,
    /// The documented response.
    pub response: Option<&'static str>,
    /// The repaired copy of an unreadable one.
    pub repaired: Option<&'static str>,
    /// What a server answers that follows the documents.
    pub answered: Answered,
}

/// A parameter on the wire.
pub struct Param {
    /// Its documented name.
    pub name: &'static str,
    /// What the documented request has in its place.
    pub sample: Sample,
}

/// What a documented request has in a parameter's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A real value, which the example sends.
    Value,
    /// A placeholder of the parameter's type.
    Placeholder,
    /// A placeholder for a value of any type.
    AnyType,
    /// A placeholder of another type, for a reason that the catalog gives.
    OtherType,
}

/// What a documented response shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Documented {
    /// The typed result.
    Typed,
    /// A fault.
    Fault,
    /// Nothing that a reader can accept.
    Unreadable,
    /// There is none.
    Nothing,
}

/// What a server answers that follows the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// A value.
    Value,
    /// A fault with this code.
    Fault(i32),
}

/// A typed result, to look at.
pub struct Example(Box<dyn Debug>);

impl Example {
    /// Keeps a result.
    pub fn new(result: impl Debug + 'static) -> Example {
        Example(Box::new(result))
    }
}

impl Debug for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
