//! `cargo xtask catalog`.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use codegen::describe;
use codegen::load::Catalog;
use codegen::model::Model;

use crate::generate::mistakes;

/// Lists every entry of the catalog, or describes them or all differences as JSON.
pub(crate) fn run(root: &Path, arguments: &[OsString]) -> Result<ExitCode, String> {
    let written: fn(&Catalog) -> String = match arguments {
        [] => |catalog| list(&codegen::lower(catalog)),
        [flag] if flag == "--json" => |catalog| format!("{:#}\n", describe::describe(catalog)),
        [flag] if flag == "--errata" => |catalog| format!("{:#}\n", describe::errata(catalog)),
        _ => return Err("usage: cargo xtask catalog [--json | --errata]".to_owned()),
    };
    let catalog = codegen::load(&root.join("catalog")).map_err(|diagnostics| mistakes(&diagnostics))?;
    match io::stdout().write_all(written(&catalog).as_bytes()) {
        // A reader such as `head` may have seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        Ok(()) | Err(_) => Ok(ExitCode::SUCCESS),
    }
}

fn list(model: &Model) -> String {
    let entries = model.services.iter().flat_map(|service| service.methods.iter().map(move |method| (service, method)));
    let lines = entries.map(|(service, method)| {
        let function = format!("{}().{}", service.module, method.function);
        format!("{:62} {:58} {:10} {}\n", function, method.wire, method.effect.word(), method.outcome.word())
    });
    lines.collect()
}
