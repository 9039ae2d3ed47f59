//! `InvoiceService`: payments, which are rows of `Payment`, and what they pay, rows of `InvoicePayment`.

use super::{Arguments, Context, invoices};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::row::{USER, wire};
use crate::table::FieldKind;

/// What a payment is answered with, and how SQL reads it: a number that is not there travels as 0.
const MEMBERS: [(&str, FieldKind, &str); 11] = [
    ("Id", FieldKind::Id, "Id"),
    ("PayDate", FieldKind::Date, "PayDate"),
    ("UserId", FieldKind::Id, "coalesce(UserId, 0)"),
    ("PayAmt", FieldKind::Double, "coalesce(PayAmt, 0.0)"),
    ("PayType", FieldKind::String, "coalesce(PayType, '')"),
    ("ContactId", FieldKind::Id, "coalesce(ContactId, 0)"),
    ("PayNote", FieldKind::String, "coalesce(PayNote, '')"),
    ("InvoiceId", FieldKind::Id, "InvoiceId"),
    ("RefundId", FieldKind::Id, "coalesce(RefundId, 0)"),
    ("ChargeId", FieldKind::Id, "coalesce(ChargeId, 0)"),
    ("Synced", FieldKind::Int, "coalesce(Synced, 0)"),
];

pub(super) fn add_manual(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (invoice, amount, date) = (arguments.int()?, arguments.double()?, arguments.time()?);
    let (kind, note, bypass) = (arguments.text()?, arguments.text()?, arguments.boolean()?);
    context.exists("Invoice", invoice)?;
    let amount = Value::Double(invoices::amount(amount)?);
    let sql = "SELECT coalesce(ContactId, 0) FROM Invoice WHERE Id = ?1";
    let contact = context.db.query_row(sql, [invoice], |row| row.get(0))?;
    let text = |text: &str| Value::String(text.to_owned());
    let payment = [
        ("ContactId", Value::Int(contact)),
        ("InvoiceId", Value::Int(invoice)),
        ("UserId", Value::Int(USER)),
        ("PayAmt", amount.clone()),
        ("PayDate", text(date)),
        ("PayType", text(kind)),
        ("PayNote", text(note)),
        ("Commission", Value::Int(0)),
        ("Synced", Value::Int(0)),
    ];
    let payment = context.insert("Payment", &payment)?;
    let entry = [
        ("InvoiceId", Value::Int(invoice)),
        ("PaymentId", Value::Int(payment)),
        ("Amt", amount),
        ("PayDate", text(date)),
        ("PayStatus", text("Approved")),
        ("SkipCommission", Value::Int(bypass.into())),
    ];
    context.insert("InvoicePayment", &entry)?;
    invoices::settle(context, invoice)?;
    Ok(Value::Boolean(true))
}

pub(super) fn list(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let invoice = arguments.int()?;
    context.exists("Invoice", invoice)?;
    let columns = MEMBERS.map(|(_, _, column)| column).join(", ");
    let sql = format!("SELECT {columns} FROM Payment WHERE InvoiceId = ?1 ORDER BY Id");
    let mut statement = context.db.prepare_cached(&sql)?;
    let mut rows = statement.query([invoice])?;
    let mut payments = Vec::new();
    while let Some(row) = rows.next()? {
        let mut members = Vec::new();
        for (place, (name, kind, _)) in MEMBERS.into_iter().enumerate() {
            members.extend(wire(kind, row.get_ref(place)?).map(|value| (name.to_owned(), value)));
        }
        payments.push(Value::Struct(members));
    }
    Ok(Value::Array(payments))
}
