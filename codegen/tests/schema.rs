//! The schema that editors read says what the serde types say.

use std::fs;
use std::path::Path;

#[test]
fn the_catalogs_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog/schema.json");
    let written = fs::read_to_string(path).unwrap();
    assert_eq!(written, codegen::schema::schema(), "`cargo xtask generate` writes catalog/schema.json");
}
