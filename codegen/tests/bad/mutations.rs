//! Whatever stands in a catalog's files, loading and checking it neither panics nor loses its order.

use std::fs;

use crate::{API, BOOKS, FAULTS, Fixture, LOAN, LOANS, TYPES};

const FILES: [&str; 8] = [
    API,
    TYPES,
    FAULTS,
    BOOKS,
    LOANS,
    LOAN,
    "samples/BookService.findBooks.request.xml",
    "samples/BookService.findBooks.response.xml",
];

/// A generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Changes each file many times and checks the catalog after each change.
fn survives(mut change: impl FnMut(&mut Vec<u8>, &mut Numbers)) {
    let catalog = Fixture::good();
    let mut numbers = Numbers(1);
    for file in FILES {
        let path = catalog.folder.join(file);
        let good = fs::read(&path).unwrap();
        for _ in 0..25 {
            let mut bytes = good.clone();
            change(&mut bytes, &mut numbers);
            fs::write(&path, bytes).unwrap();
            if let Err(diagnostics) = codegen::load(&catalog.folder) {
                assert!(diagnostics.is_sorted());
                assert!(diagnostics.iter().all(|found| found.line > 0 && found.column > 0));
            }
        }
        fs::write(path, good).unwrap();
    }
}

#[test]
fn cut_files_never_panic() {
    survives(|bytes, numbers| bytes.truncate(numbers.below(bytes.len())));
}

#[test]
fn flipped_bytes_never_panic() {
    survives(|bytes, numbers| {
        let position = numbers.below(bytes.len());
        bytes[position] ^= 1 << numbers.below(8);
    });
}

#[test]
fn lost_and_doubled_lines_never_panic() {
    survives(|bytes, numbers| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut lines: Vec<&str> = text.lines().collect();
        let position = numbers.below(lines.len());
        match numbers.below(2) {
            0 => drop(lines.remove(position)),
            _ => lines.insert(numbers.below(lines.len()), lines[position]),
        }
        *bytes = lines.join("\n").into_bytes();
    });
}
