//! `DataService`: records of any table.

use super::{Arguments, Context, contacts, custom_fields};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::column::{Column, Way, permit};
use crate::store::query::{self, Filter, Page};
use crate::store::row;
use crate::table::Table;

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, values) = (arguments.table()?, arguments.record()?);
    row::add(context.db, table, values, &context.civil).map(Value::Int)
}

pub(super) fn load(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, id, fields) = (arguments.table()?, arguments.int()?, arguments.texts()?);
    record(context, table, id, &fields)
}

pub(super) fn update(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, id, values) = (arguments.table()?, arguments.int()?, arguments.record()?);
    if table.name == "DataFormField" {
        custom_fields::change(context, id, values)?;
    } else {
        row::update(context.db, table, id, values, &context.civil)?;
    }
    Ok(Value::Int(id))
}

pub(super) fn delete(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, id) = (arguments.table()?, arguments.int()?);
    row::delete(context.db, table, id)?;
    if table.name == "Contact" {
        contacts::forget(context, id)?;
    }
    Ok(Value::Boolean(true))
}

pub(super) fn find_by_field(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, limit, page) = (arguments.table()?, arguments.int()?, arguments.int()?);
    let field = arguments.text()?.to_owned();
    let value = match arguments.next() {
        None | Some(Value::Array(_) | Value::Struct(_) | Value::Base64(_)) => {
            return Err(Fault::invalid_parameter(format_args!("Invalid value to find in {}.{field}", table.name)));
        }
        Some(value) => value.clone(),
    };
    let fields = arguments.texts()?;
    let columns = query::columns(context.db, table, &fields)?;
    let filter = Filter::new(context.db, table, &[(field, value)])?;
    query::select(context.db, table, &columns, &filter, &Page::new(limit, page)?).map(Value::Array)
}

pub(super) fn query(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, limit, page) = (arguments.table()?, arguments.int()?, arguments.int()?);
    let (conditions, fields) = (arguments.record()?, arguments.texts()?);
    let order = (arguments.next(), arguments.next());
    let columns = query::columns(context.db, table, &fields)?;
    let filter = Filter::new(context.db, table, conditions)?;
    let mut page = Page::new(limit, page)?;
    if let (Some(Value::String(field)), Some(Value::Boolean(ascending))) = order {
        page = page.ordered(&Column::find(context.db, table, field, Way::Read)?, *ascending);
    }
    query::select(context.db, table, &columns, &filter, &page).map(Value::Array)
}

pub(super) fn count(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (table, conditions) = (arguments.table()?, arguments.record()?);
    permit(table, Way::Read)?;
    let filter = Filter::new(context.db, table, conditions)?;
    query::count(context.db, table, &filter).map(Value::Int)
}

/// Reads fields of one record.
pub(super) fn record(context: &Context<'_>, table: &'static Table, id: i32, fields: &[&str]) -> Result<Value, Fault> {
    let columns = query::columns(context.db, table, fields)?;
    row::exists(context.db, table, id)?;
    let found = query::select(context.db, table, &columns, &Filter::id(table, id), &Page::FIRST)?;
    found.into_iter().next().ok_or_else(|| Fault::no_record(table.name, id))
}
