//! Places in the catalog's YAML files.

use std::path::PathBuf;

/// A place in a YAML file: a path of keys and positions, and whether its last key or its value is meant.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The file, starting with the name of the catalog's folder.
    pub(crate) file: PathBuf,
    /// The path.
    pub(crate) steps: Vec<Step>,
    /// Whether the path's last key is meant, rather than its value.
    pub(crate) at_key: bool,
}

/// A step of a [`Place`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Into a mapping, by its key.
    Key(String),
    /// Into a list or a mapping, by position.
    Index(usize),
}

impl Place {
    /// The start of a file, given with the name of the catalog's folder.
    pub(crate) fn new(file: PathBuf) -> Place {
        Place { file, steps: Vec::new(), at_key: false }
    }

    /// The value of a key in this mapping.
    pub(crate) fn key(&self, key: &str) -> Place {
        self.step(Step::Key(key.to_owned()))
    }

    /// The element at a position in this list.
    pub(crate) fn index(&self, index: usize) -> Place {
        self.step(Step::Index(index))
    }

    /// The place of the key itself, instead of its value.
    pub(crate) fn at_key(mut self) -> Place {
        self.at_key = true;
        self
    }

    fn step(&self, step: Step) -> Place {
        let mut steps = self.steps.clone();
        steps.push(step);
        Place { file: self.file.clone(), steps, at_key: false }
    }
}
