//! `enums.rs` and `faults.rs`: values that the documents list.
//!
//! Text instead of tokens: a doc comment inside a macro's call would come out as an attribute.

use super::comment;
use super::docs::{markdown, sentence};
use crate::catalog::EnumWire;
use crate::model::{Enum, Model};

/// Renders all enums.
pub(crate) fn file(model: &Model) -> String {
    let macros: Vec<&str> = [EnumWire::Int, EnumWire::String]
        .into_iter()
        .filter(|wire| model.enums.iter().any(|declared| declared.wire == *wire))
        .map(macro_name)
        .collect();
    let imports = macros.iter().map(|name| format!("use {}::runtime::{name};\n", model.runtime)).collect::<String>();
    let items = model.enums.iter().map(item).collect::<Vec<_>>().join("\n");
    format!("//! Lists of values, open to those that the documents don't list.\n\n{imports}\n{items}")
}

fn macro_name(wire: EnumWire) -> &'static str {
    match wire {
        EnumWire::Int => "int_enum",
        EnumWire::String => "string_enum",
    }
}

fn item(declared: &Enum) -> String {
    let variants = declared.variants.iter().map(|variant| {
        let doc = comment(&sentence(&escaped(&variant.doc)), 8);
        format!("{doc}        {} = {},\n", variant.name, variant.value)
    });
    let doc = comment(&sentence(&markdown(&declared.doc)), 4);
    format!(
        "{}! {{\n{doc}    {} {{\n{}    }}\n}}\n",
        macro_name(declared.wire),
        declared.name,
        variants.collect::<String>()
    )
}

/// A variant's text can quote code already.
fn escaped(doc: &str) -> String {
    if doc.contains('`') { doc.to_owned() } else { markdown(doc) }
}

/// Renders the codes of faults.
pub(crate) fn faults(model: &Model) -> String {
    let variants = model.faults.iter().map(|fault| {
        let doc = comment(&sentence(&escaped(&fault.doc)), 8);
        format!("{doc}        {} = {},\n", fault.name, fault.code)
    });
    format!(
        "//! The codes with which the server refuses a call.\n\nuse {}::runtime::int_enum;\n\nint_enum! {{\n    /// The code of a fault.\n    FaultCode {{\n{}    }}\n}}\n",
        model.runtime,
        variants.collect::<String>()
    )
}
