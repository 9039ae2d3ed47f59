//! What is generated: every decision taken, nothing left for a renderer to decide.

use std::path::PathBuf;

use serde_json::Value;

use crate::catalog::{Effect, EnumWire, FieldType, Outcome};
use crate::types::{Type, Wire};

/// The whole client.
#[derive(Clone, Debug)]
pub struct Model {
    /// The path of the runtime in generated code.
    pub runtime: String,
    /// The crate that examples import from.
    pub package: String,
    /// Whether the runtime's client gets an accessor for each service.
    pub accessors: bool,
    /// Whether a local server's method table is wanted, and where.
    pub server: Option<PathBuf>,
    /// Where the example calls go, if they are wanted.
    pub tests: Option<PathBuf>,
    /// Where the client's modules go.
    pub client: PathBuf,
    /// The folder of the catalog, as generated headers name it.
    pub catalog: String,
    /// The titles of the clients whose names the documents give.
    pub clients: Vec<String>,
    /// Ids, sorted.
    pub ids: Vec<Named>,
    /// Enums, sorted.
    pub enums: Vec<Enum>,
    /// Structs, sorted.
    pub structs: Vec<Struct>,
    /// Fault codes, in the catalog's order.
    pub faults: Vec<Fault>,
    /// Services, in the order of their files.
    pub services: Vec<Service>,
    /// Tables, sorted.
    pub tables: Vec<Table>,
    /// The feature of the client without which it has no tables, if there is one.
    pub tables_feature: Option<String>,
}

/// Something with a name and a text.
#[derive(Clone, Debug)]
pub struct Named {
    /// The Rust name.
    pub name: String,
    /// The text.
    pub doc: String,
}

/// An enum.
#[derive(Clone, Debug)]
pub struct Enum {
    /// The Rust name.
    pub name: String,
    /// The text.
    pub doc: String,
    /// How it travels.
    pub wire: EnumWire,
    /// The values.
    pub variants: Vec<Variant>,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// What travels.
    pub value: Value,
    /// The text.
    pub doc: String,
}

/// A fault's code.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The Rust name, which is the token.
    pub name: String,
    /// The number on the wire.
    pub code: i32,
    /// The text.
    pub doc: String,
}

/// What a struct is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Methods take it.
    Argument,
    /// Methods answer it.
    Answer,
    /// Its members are parameters of their own.
    Group,
}

/// A struct.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The Rust name.
    pub name: String,
    /// The text.
    pub doc: String,
    /// What it is for.
    pub role: Role,
    /// Its members.
    pub members: Vec<Member>,
}

/// A member of a struct.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name on the wire.
    pub wire: String,
    /// The Rust name.
    pub name: String,
    /// The text.
    pub doc: String,
    /// The type, without the `Option` that answers add.
    pub kind: Type,
    /// The wire type to convert to, where it isn't the type's own.
    pub sent_as: Option<Wire>,
    /// Whether an answer always has it.
    pub always: bool,
    /// Whether it must never show.
    pub sensitive: bool,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The file that declares it, relative to the catalog's parent.
    pub source: String,
    /// The module, and the client's accessor.
    pub module: String,
    /// The accessor's type.
    pub accessor: String,
    /// The name on the wire.
    pub wire: String,
    /// The document's heading.
    pub title: String,
    /// The texts of the docs.
    pub doc: String,
    /// The methods.
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Clone, Debug)]
pub struct Method {
    /// The name of its samples, unique: `Service.method` or `Service.method.overload`.
    pub entry: String,
    /// The name on the wire.
    pub wire: String,
    /// The Rust function.
    pub function: String,
    /// The Rust type of the request.
    pub request: String,
    /// Whether the key leads the parameters.
    pub keyed: bool,
    /// What may be repeated.
    pub effect: Effect,
    /// Why repeating does no harm.
    pub because: Option<String>,
    /// The docs' first sentence.
    pub summary: String,
    /// The docs' further text.
    pub details: String,
    /// What is answered, in words.
    pub returns_doc: String,
    /// The document's heading, if a document has one.
    pub documented_as: Option<String>,
    /// Where it is known from, beyond the documents.
    pub known_from: Option<String>,
    /// Further names by which the docs' search finds it.
    pub aliases: Vec<String>,
    /// The names by which the clients know it, as many as there are clients; none where the document's is not its name.
    pub client_names: Vec<Option<String>>,
    /// Whether the function takes its arguments one by one.
    pub positional: bool,
    /// The fields of the request, in the wire's order.
    pub fields: Vec<Field>,
    /// Lists of which one must hold something, by the fields' positions.
    pub not_all_empty: Vec<Vec<usize>>,
    /// The type of the answer.
    pub output: Type,
    /// Whether the answer must never show.
    pub sensitive_output: bool,
    /// What the documented response shows.
    pub outcome: Outcome,
    /// The code, if the answer that stands for this method is a fault.
    pub fault: Option<i32>,
    /// Whether a request is documented.
    pub has_sample_request: bool,
    /// Whether a response is documented.
    pub has_sample_response: bool,
    /// The answer that a local server gives: documented, repaired or supplied.
    pub answer: String,
    /// The differences between the documented request and ours that the catalog gives reasons for.
    pub differences: Differences,
}

/// The differences between a documented request and ours that the catalog gives reasons for.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// The name of the method.
    pub method: bool,
    /// The number of parameters.
    pub count: bool,
}

/// A field of a request: one parameter, or a group of them.
#[derive(Clone, Debug)]
pub struct Field {
    /// The Rust name.
    pub name: String,
    /// The text.
    pub doc: String,
    /// The type; `?` becomes `Option`.
    pub kind: Type,
    /// The parameters that it becomes: several for a group.
    pub params: Vec<Param>,
    /// What travels for `None`; `None` here leaves the parameter out.
    pub absent: Option<Value>,
    /// Documented limits.
    pub limits: crate::catalog::Limits,
    /// Whether it must never show.
    pub sensitive: bool,
    /// The example's value; `None` leaves an optional argument out.
    pub example: Option<Value>,
}

/// A parameter on the wire.
#[derive(Clone, Debug)]
pub struct Param {
    /// The documented name.
    pub wire_name: String,
    /// The wire type.
    pub wire: Wire,
    /// The wire type to convert to, where it isn't the type's own.
    pub sent_as: Option<Wire>,
    /// The Rust field: of the request, or of the group.
    pub field: String,
    /// Whether it always travels.
    pub always: bool,
    /// What the documented request has in its place.
    pub sample: Sample,
}

/// What a documented request has in a parameter's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A real value, which the example sends.
    Value,
    /// A placeholder of our type.
    Placeholder,
    /// A placeholder for a value of any type.
    AnyType,
    /// A placeholder of another type than ours, for a reason that the catalog gives.
    OtherType,
}

/// A table of the server.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name on the wire, and the Rust name.
    pub name: String,
    /// The Rust module.
    pub module: String,
    /// Further names by which the docs' search finds it.
    pub aliases: Vec<String>,
    /// The text, if there is one.
    pub doc: Option<String>,
    /// The field whose values give the rows a stable order, if there is one.
    pub order_key: Option<String>,
    /// The Rust type of a row's id, if it is one of `types.yaml`.
    pub id: Option<String>,
    /// The number by which custom fields name it, if its rows have some.
    pub form: Option<i32>,
    /// Its own fields and the columns of joined tables, sorted.
    pub fields: Vec<Column>,
}

impl Table {
    /// Whether rows can be added.
    pub fn inserts(&self) -> bool {
        self.fields.iter().any(|column| column.access.add)
    }

    /// Whether rows can be changed.
    pub fn updates(&self) -> bool {
        self.fields.iter().any(|column| column.access.edit)
    }

    /// Whether rows can be deleted.
    pub fn deletes(&self) -> bool {
        self.fields.iter().any(|column| column.access.delete && Some(&column.name) != self.order_key.as_ref())
    }
}

/// A field of a table, or a column of a joined one.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name on the wire: `Field`, or `Table.Field` of a joined table's column.
    pub name: String,
    /// The Rust name of the field.
    pub field: String,
    /// What it holds, if that is known.
    pub kind: Option<FieldType>,
    /// The Rust type of the id that it holds, if it is one of `types.yaml`.
    pub id: Option<String>,
    /// What a client may do with it.
    pub access: Access,
    /// Whether it is selected when all fields are asked for.
    pub selected: bool,
    /// Why it isn't.
    pub unselected_because: Option<String>,
    /// Whether it must never show.
    pub sensitive: bool,
    /// What a reader should know of it.
    pub note: Option<String>,
}

/// What a client may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Set it when updating a row.
    pub edit: bool,
    /// Delete rows that have it.
    pub delete: bool,
    /// Set it when adding a row.
    pub add: bool,
    /// Read it.
    pub read: bool,
}

impl Access {
    /// The rights as letters, in the catalog's order.
    pub fn letters(self) -> String {
        let letters = [(self.edit, 'E'), (self.delete, 'D'), (self.add, 'A'), (self.read, 'R')];
        letters.into_iter().filter(|(has, _)| *has).map(|(_, letter)| letter).collect()
    }
}
