//! Reading a catalog's folder: YAML to typed entries, with every mistake at its place.
//!
//! This is the only file that names `serde_yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::{DeserializeOwned, DeserializeSeed};
use serde_json::Value;

use crate::catalog::{Api, FaultCode, Faults, Service, Table, Types};
use crate::diagnostic::{Diagnostic, did_you_mean};

pub(crate) mod place;
mod structure;
mod tree;

use place::{Place, Step};
use structure::Kind;
use tree::{Tree, Walk};

/// A catalog as it was read: everything whose structure is right.
#[derive(Debug)]
pub struct Catalog {
    /// `api.yaml`.
    pub api: Api,
    /// `types.yaml`.
    pub types: Types,
    /// `faults.yaml`.
    pub faults: Vec<FaultCode>,
    /// `services/*.yaml`, sorted by file name.
    pub services: Vec<ServiceFile>,
    /// `tables/*.yaml`, sorted by file name.
    pub tables: Vec<TableFile>,
    /// The files in `samples/` by name, byte for byte.
    pub samples: BTreeMap<String, String>,
    /// The folder's name, with which the paths of diagnostics start.
    pub folder: PathBuf,
    /// The names of entries that were left out because their structure is wrong.
    pub broken: BTreeSet<String>,
    /// Where the entries of `faults` stand in their file's list.
    pub fault_positions: Vec<usize>,
    sources: Sources,
}

/// A file of `services/`.
#[derive(Debug)]
pub struct ServiceFile {
    /// The file, starting with the name of the catalog's folder.
    pub file: PathBuf,
    /// What it says.
    pub service: Service,
    /// Where the entries of `service.methods` stand in the file's list.
    pub positions: Vec<usize>,
}

/// A file of `tables/`.
#[derive(Debug)]
pub struct TableFile {
    /// The file, starting with the name of the catalog's folder.
    pub file: PathBuf,
    /// What it says.
    pub table: Table,
    /// Where the entries of `table.fields` stand in the file's list.
    pub positions: Vec<usize>,
}

/// Reads the catalog in `folder`.
///
/// Without a catalog, the diagnostics say why there is none; with one, they say what was left out of it.
pub fn load(folder: &Path) -> (Option<Catalog>, Vec<Diagnostic>) {
    let name = PathBuf::from(folder.file_name().unwrap_or(folder.as_os_str()));
    let mut loader = Loader { root: folder.to_owned(), name, ..Loader::default() };
    loader.strays();
    let api = loader.file::<Api>("api.yaml", Kind::Api);
    let (types, _) = loader.optional::<Types>("types.yaml", Kind::Types).unwrap_or_default();
    let faults = loader.file::<Faults>("faults.yaml", Kind::Faults);
    let (faults, fault_positions) = faults.map(|(file, kept)| (file.faults, kept)).unwrap_or_default();
    let services = loader.folder("services", Kind::Service);
    let services =
        services.into_iter().map(|(file, service, positions)| ServiceFile { file, service, positions }).collect();
    let tables = loader.folder("tables", Kind::Table);
    let tables = tables.into_iter().map(|(file, table, positions)| TableFile { file, table, positions }).collect();
    let samples = loader.samples();
    let Loader { name: folder, sources, broken, mut diagnostics, .. } = loader;
    diagnostics.sort();
    let catalog = api.map(|(api, _)| Catalog {
        api,
        types,
        faults,
        services,
        tables,
        samples,
        folder,
        broken,
        fault_positions,
        sources,
    });
    (catalog, diagnostics)
}

impl Catalog {
    /// Makes a diagnostic for a place in one of the catalog's files.
    pub(crate) fn diagnostic(&self, place: &Place, message: String, hint: Option<String>) -> Diagnostic {
        self.sources.diagnostic(place, message, hint)
    }

    /// A table, by its name.
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().map(|file| &file.table).find(|table| table.table == name)
    }

    /// The place of a file of the catalog, by its path in the catalog's folder.
    pub(crate) fn place(&self, file: &str) -> Place {
        Place::new(self.folder.join(file))
    }
}

/// The texts of the YAML files, by their paths.
#[derive(Debug, Default)]
struct Sources(BTreeMap<PathBuf, String>);

impl Sources {
    fn diagnostic(&self, place: &Place, message: String, hint: Option<String>) -> Diagnostic {
        let text = self.0.get(&place.file).map_or("", String::as_str);
        let (line, column) = locate(text, &place.steps, place.at_key);
        Diagnostic { file: place.file.clone(), line, column, message, hint }
    }
}

#[derive(Default)]
struct Loader {
    root: PathBuf,
    name: PathBuf,
    sources: Sources,
    broken: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

/// What a catalog's folder holds: what is read, and what stands beside it for people and editors.
const ROOT: [&str; 8] =
    ["README.md", "api.yaml", "faults.yaml", "samples", "schema.json", "services", "tables", "types.yaml"];

impl Loader {
    /// Reports what stands in the catalog's folder and is read by nothing, since it may be meant for something else.
    fn strays(&mut self) {
        for file in self.list("") {
            if !ROOT.contains(&file.as_str()) {
                let stem = file.split('.').next().unwrap_or(&file);
                let hint = did_you_mean(stem, ROOT).or_else(|| did_you_mean(&file, ROOT));
                // What it may hold is missing elsewhere.
                self.broken.extend(hint.is_some().then(|| file.clone()));
                self.hinted(&file, "nothing reads this".to_owned(), hint);
            }
        }
    }

    /// Reads all files of a folder: each with its path, and with the positions of those entries that are kept.
    fn folder<T: DeserializeOwned>(&mut self, folder: &str, kind: Kind) -> Vec<(PathBuf, T, Vec<usize>)> {
        let mut files = Vec::new();
        for file in self.list(folder) {
            if Path::new(&file).extension().is_none_or(|extension| extension != "yaml") {
                self.error(&file, "only .yaml files belong here".to_owned());
            } else if let Some((read, positions)) = self.file(&file, kind) {
                files.push((self.name.join(&file), read, positions));
            } else {
                self.broken.insert(file);
            }
        }
        files
    }

    fn samples(&mut self) -> BTreeMap<String, String> {
        let files = self.list("samples");
        let read = files.into_iter().filter_map(|file| {
            let text = self.read(&file)?;
            Some((file.strip_prefix("samples/").unwrap_or(&file).to_owned(), text))
        });
        read.collect()
    }

    fn optional<T: DeserializeOwned>(&mut self, file: &str, kind: Kind) -> Option<(T, Vec<usize>)> {
        if !self.root.join(file).exists() {
            return None;
        }
        let read = self.file(file, kind);
        if read.is_none() {
            self.broken.insert(file.to_owned());
        }
        read
    }

    /// Reads a YAML file; with it come the positions of those entries of its list that are kept.
    fn file<T: DeserializeOwned>(&mut self, file: &str, kind: Kind) -> Option<(T, Vec<usize>)> {
        let text = self.read(file)?;
        let place = Place::new(self.name.join(file));
        let parsed = parse(&text);
        self.sources.0.insert(place.file.clone(), text);
        let (mut tree, duplicates) = match parsed {
            Ok(parsed) => parsed,
            Err((line, column, message)) => {
                self.diagnostics.push(Diagnostic { file: place.file, line, column, message, hint: None });
                return None;
            }
        };
        for steps in duplicates {
            let place = Place { steps, at_key: true, ..place.clone() };
            self.diagnostics.push(self.sources.diagnostic(&place, "this key is here twice".to_owned(), None));
        }
        let outcome = structure::check(kind, &mut tree);
        for mistake in outcome.mistakes {
            let place = Place { steps: mistake.steps, at_key: mistake.at_key, ..place.clone() };
            self.diagnostics.push(self.sources.diagnostic(&place, mistake.message, mistake.hint));
        }
        self.broken.extend(outcome.broken);
        let positions = outcome.kept?;
        match serde_json::from_value(tree) {
            Ok(typed) => Some((typed, positions)),
            Err(error) => {
                self.error(file, error.to_string());
                None
            }
        }
    }

    /// The files of a folder, or of the catalog's own, sorted; a folder that doesn't exist has none.
    fn list(&mut self, folder: &str) -> Vec<String> {
        let path = self.root.join(folder);
        if !path.exists() {
            return Vec::new();
        }
        let listed = fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let entries = listed.unwrap_or_else(|error| {
            self.error(folder, format!("cannot be listed: {error}"));
            Vec::new()
        });
        let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let shown = names.filter(|name| !name.starts_with('.'));
        let mut files: Vec<String> =
            shown.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") }).collect();
        files.sort();
        files
    }

    fn read(&mut self, file: &str) -> Option<String> {
        match fs::read_to_string(self.root.join(file)) {
            Ok(text) => Some(text),
            Err(error) => {
                self.error(file, format!("cannot be read: {error}"));
                None
            }
        }
    }

    fn error(&mut self, file: &str, message: String) {
        self.hinted(file, message, None);
    }

    fn hinted(&mut self, file: &str, message: String, hint: Option<String>) {
        let place = Place::new(self.name.join(file));
        self.diagnostics.push(self.sources.diagnostic(&place, message, hint));
    }
}

/// A tree and the places of the keys that stand twice in a mapping; or the line, the column and the first error.
type Parsed = Result<(Value, Vec<Vec<Step>>), (usize, usize, String)>;

fn parse(text: &str) -> Parsed {
    let (mut path, mut duplicates) = (Vec::new(), Vec::new());
    let seed = Tree { path: &mut path, duplicates: &mut duplicates };
    match seed.deserialize(serde_yaml::Deserializer::from_str(text)) {
        Ok(tree) => Ok((tree, duplicates)),
        Err(error) => {
            let (line, column) = error.location().map_or((1, 1), |location| (location.line(), location.column()));
            let message = error.to_string().replacen(&format!(" at line {line} column {column}"), "", 1);
            Err((line, column, format!("not readable as YAML: {message}")))
        }
    }
}

/// Finds the line and the column of a place, or of the nearest existing place around it.
///
/// A parsed YAML value has no positions any more, but an error raised while reading has: so the text is read again,
/// and the walk raises one when it arrives.
fn locate(text: &str, steps: &[Step], at_key: bool) -> (usize, usize) {
    let walk = Walk { steps, at_key };
    match walk.deserialize(serde_yaml::Deserializer::from_str(text)) {
        Err(error) => error.location().map_or((1, 1), |location| (location.line(), location.column())),
        Ok(()) => steps.split_last().map_or((1, 1), |(_, around)| locate(text, around, false)),
    }
}
