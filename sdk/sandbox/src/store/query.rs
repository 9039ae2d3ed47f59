//! Conditions and pages: what a client asks for, as SQL whose names come from the catalog and whose values are bound.

use std::collections::HashSet;

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};

use super::column::{Column, Way, permit, quoted};
use super::{fold, row};
use crate::call::Value;
use crate::fault::Fault;
use crate::table::{FieldKind, Table};

/// How many records a page can have, and how many ids an `IN` can name.
const MAX: usize = 1000;

/// The operators, those first with which others begin.
const OPERATORS: &[(&str, &str)] = &[("~>=~", ">="), ("~<=~", "<="), ("~<>~", "<>"), ("~>~", ">"), ("~<~", "<")];

/// Conditions that all hold.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    terms: Vec<String>,
    values: Vec<Stored>,
}

/// Which of the records that were found, and in which order.
#[derive(Debug)]
pub(crate) struct Page {
    limit: i64,
    offset: i64,
    order: String,
}

impl Filter {
    /// Reads conditions as clients write them: by field, a value or an operator with a value.
    pub(crate) fn new(db: &Connection, table: &'static Table, conditions: &[(String, Value)]) -> Result<Filter, Fault> {
        let mut filter = Filter::default();
        for (name, value) in conditions {
            filter.add(&Column::find(db, table, name, Way::Read)?, value)?;
        }
        Ok(filter)
    }

    /// Takes the records with this id.
    pub(crate) fn id(table: &Table, id: i32) -> Filter {
        let term = format!("{}.\"Id\" = ?", quoted(table.name));
        Filter { terms: vec![term], values: vec![Stored::Integer(id.into())] }
    }

    /// Takes the records in one of whose columns there is this text, whatever its case, or nothing if it is empty.
    pub(crate) fn text(columns: &[Column], text: Option<&str>) -> Filter {
        let term = |column: &Column| match text {
            Some(_) => format!("fold({}) = ?", column.sql()),
            None => format!("{} IS NULL", column.sql()),
        };
        let terms: Vec<String> = columns.iter().map(term).collect();
        let values = text.into_iter().flat_map(|text| columns.iter().map(move |_| Stored::Text(fold(text)))).collect();
        Filter { terms: vec![format!("({})", terms.join(" OR "))], values }
    }

    /// Takes the records that fulfil both.
    pub(crate) fn and(mut self, other: Filter) -> Filter {
        self.terms.extend(other.terms);
        self.values.extend(other.values);
        self
    }

    fn add(&mut self, column: &Column, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Array(items) => self.within(column, items),
            Value::String(text) => self.expression(column, text),
            value => self.equal(column, row::store(column, value)?),
        }
    }

    fn expression(&mut self, column: &Column, text: &str) -> Result<(), Fault> {
        if text.trim() == "~null~" {
            self.terms.push(format!("{} IS NULL", column.sql()));
            return Ok(());
        }
        let bare = text.trim_start();
        let operator = OPERATORS.iter().find_map(|(written, sql)| Some((*sql, bare.strip_prefix(written)?)));
        match operator {
            Some(("<>", rest)) if rest.contains('%') => {
                self.alike(column, rest.trim_start(), "NOT ");
                Ok(())
            }
            Some((sql, rest)) => self.compare(column, sql, rest.trim_start()),
            None if text.contains('%') => {
                self.alike(column, text, "");
                Ok(())
            }
            None => self.equal(column, operand(column, text)?),
        }
    }

    fn equal(&mut self, column: &Column, value: Stored) -> Result<(), Fault> {
        match value {
            // An empty text is no value.
            Stored::Null => self.terms.push(format!("{} IS NULL", column.sql())),
            Stored::Text(text) if column.is_text() => {
                self.push(format!("fold({}) = ?", column.sql()), Stored::Text(fold(&text)));
            }
            value => self.push(format!("{} = ?", column.sql()), value),
        }
        Ok(())
    }

    fn compare(&mut self, column: &Column, operator: &str, text: &str) -> Result<(), Fault> {
        match operand(column, text)? {
            Stored::Null => {
                let reason = format!("No value to compare with: {}.{}", column.table, column.name);
                Err(Fault::invalid_parameter(reason))
            }
            Stored::Text(text) if column.is_text() => {
                self.push(format!("fold({}) {operator} ?", column.sql()), Stored::Text(fold(&text)));
                Ok(())
            }
            value => {
                self.push(format!("{} {operator} ?", column.sql()), value);
                Ok(())
            }
        }
    }

    fn alike(&mut self, column: &Column, pattern: &str, not: &str) {
        self.push(format!("{not}matches({}, ?)", column.sql()), Stored::Text(fold(pattern)));
    }

    fn within(&mut self, column: &Column, items: &[Value]) -> Result<(), Fault> {
        let (table, name) = (column.table, &column.name);
        if column.kind != FieldKind::Id && name != "Id" {
            return Err(Fault::invalid_parameter(format_args!("IN works on Id fields only: {table}.{name}")));
        }
        if items.is_empty() || items.len() > MAX {
            let count = items.len();
            return Err(Fault::invalid_parameter(format_args!("IN takes 1 to {MAX} ids, got {count}: {table}.{name}")));
        }
        let values = items.iter().map(|item| row::store(column, item)).collect::<Result<Vec<_>, _>>()?;
        self.terms.push(format!("{} IN ({})", column.sql(), vec!["?"; values.len()].join(", ")));
        self.values.extend(values);
        Ok(())
    }

    fn push(&mut self, term: String, value: Stored) {
        self.terms.push(term);
        self.values.push(value);
    }

    fn sql(&self) -> String {
        if self.terms.is_empty() { String::new() } else { format!(" WHERE {}", self.terms.join(" AND ")) }
    }
}

impl Page {
    /// The first record only, in the order in which they were added.
    pub(crate) const FIRST: Page = Page { limit: 1, offset: 0, order: String::new() };
    /// All records, in the order in which they were added.
    pub(crate) const ALL: Page = Page { limit: -1, offset: 0, order: String::new() };

    /// Reads the limit and the number of the page.
    pub(crate) fn new(limit: i32, page: i32) -> Result<Page, Fault> {
        if !(1..=MAX as i32).contains(&limit) {
            return Err(Fault::invalid_parameter(format_args!("limit must be from 1 to {MAX}, got {limit}")));
        }
        if page < 0 {
            return Err(Fault::invalid_parameter(format_args!("page must not be negative, got {page}")));
        }
        let limit = i64::from(limit);
        Ok(Page { limit, offset: limit * i64::from(page), order: String::new() })
    }

    /// Orders the records by a field.
    pub(crate) fn ordered(self, column: &Column, ascending: bool) -> Page {
        let key = if column.is_text() { format!("fold({})", column.sql()) } else { column.sql() };
        Page { order: format!("{key} {}, ", if ascending { "ASC" } else { "DESC" }), ..self }
    }
}

/// An operand in the form in which the column keeps its values; texts are compared as they are, phone numbers too.
fn operand(column: &Column, text: &str) -> Result<Stored, Fault> {
    if column.is_text() && !text.is_empty() {
        return Ok(Stored::Text(text.to_owned()));
    }
    row::store(column, &Value::String(text.to_owned()))
}

/// Finds the fields of a list that may be read, each of them once.
pub(crate) fn columns(db: &Connection, table: &'static Table, names: &[&str]) -> Result<Vec<Column>, Fault> {
    permit_reading(table, names)?;
    let mut seen = HashSet::new();
    let once = names.iter().filter(|name| seen.insert(**name));
    once.map(|name| Column::find(db, table, name, Way::Read)).collect()
}

fn permit_reading(table: &Table, names: &[&str]) -> Result<(), Fault> {
    permit(table, Way::Read)?;
    if names.is_empty() {
        return Err(Fault::database(format_args!("No fields selected from table: {}", table.name)));
    }
    Ok(())
}

/// Reads the fields of the records of a page; those without a value are left out.
pub(crate) fn select(
    db: &Connection,
    table: &Table,
    columns: &[Column],
    filter: &Filter,
    page: &Page,
) -> Result<Vec<Value>, Fault> {
    let fields: Vec<String> = columns.iter().map(Column::sql).collect();
    let (from, order) = (quoted(table.name), &page.order);
    // A view has no row ids.
    let last = if table.order_key.is_some() { "\"Id\"" } else { "rowid" };
    let sql = format!(
        "SELECT {} FROM {from}{} ORDER BY {order}{from}.{last} LIMIT ? OFFSET ?",
        fields.join(", "),
        filter.sql()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let bounds = [Stored::Integer(page.limit), Stored::Integer(page.offset)];
    let mut rows = statement.query(params_from_iter(filter.values.iter().chain(&bounds)))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let mut members = Vec::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            if let Some(value) = row::wire(column.kind, row.get_ref(index)?) {
                members.push((column.name.clone().into_owned(), value));
            }
        }
        records.push(Value::Struct(members));
    }
    Ok(records)
}

/// Counts the records.
pub(crate) fn count(db: &Connection, table: &Table, filter: &Filter) -> Result<i32, Fault> {
    let sql = format!("SELECT count(*) FROM {}{}", quoted(table.name), filter.sql());
    Ok(db.prepare_cached(&sql)?.query_row(params_from_iter(&filter.values), |row| row.get(0))?)
}
