//! `InvoiceService`: orders, invoices and their items, which are rows of `Job`, `Invoice`, `OrderItem` and `InvoiceItem`.

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;

/// More than anybody owes: sums of amounts below stay exact, and finite.
const LARGEST: f64 = 1e12;

/// What goes with an invoice, in an order in which nothing is gone that a later statement looks for.
const HANGING: [&str; 9] = [
    "DELETE FROM JobRecurringInstance WHERE InvoiceItemId IN (SELECT Id FROM InvoiceItem WHERE InvoiceId = ?1)",
    "DELETE FROM OrderItem WHERE OrderId IN (SELECT JobId FROM Invoice WHERE Id = ?1)",
    "DELETE FROM InvoiceItem WHERE InvoiceId = ?1",
    "DELETE FROM PayPlanItem WHERE PayPlanId IN (SELECT Id FROM PayPlan WHERE InvoiceId = ?1)",
    "DELETE FROM PayPlan WHERE InvoiceId = ?1",
    "DELETE FROM InvoicePayment WHERE InvoiceId = ?1",
    "DELETE FROM Payment WHERE InvoiceId = ?1",
    "DELETE FROM Job WHERE Id IN (SELECT JobId FROM Invoice WHERE Id = ?1)",
    "DELETE FROM Invoice WHERE Id = ?1",
];

/// An order that begins.
pub(super) struct Order<'a> {
    pub(super) contact: i32,
    pub(super) name: &'a str,
    /// When it was made: the time of the invoice too.
    pub(super) ordered: &'a str,
    /// The affiliates, 0 for none.
    pub(super) lead: i32,
    pub(super) sale: i32,
}

/// A line of an invoice.
pub(super) struct Item<'a> {
    /// The product and the plan, 0 for none.
    pub(super) product: i32,
    pub(super) plan: i32,
    /// The documents' number of the kind.
    pub(super) kind: i32,
    pub(super) price: f64,
    pub(super) quantity: i32,
    pub(super) description: &'a str,
    pub(super) notes: &'a str,
}

pub(super) fn create_blank(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, name, ordered) = (arguments.int()?, arguments.text()?, arguments.time()?);
    let (lead, sale) = (arguments.int()?, arguments.int()?);
    open(context, &Order { contact, name, ordered, lead, sale }).map(|(_, invoice)| Value::Int(invoice))
}

pub(super) fn add_item(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (invoice, product, kind) = (arguments.int()?, arguments.int()?, arguments.int()?);
    let (price, quantity) = (arguments.double()?, arguments.int()?);
    let (description, notes) = (arguments.text()?, arguments.text()?);
    context.exists("Invoice", invoice)?;
    context.exists_or_none("Product", product)?;
    add_line(context, invoice, &Item { product, plan: 0, kind, price, quantity, description, notes })?;
    settle(context, invoice)?;
    Ok(Value::Boolean(true))
}

pub(super) fn amount_owed(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let invoice = arguments.int()?;
    context.exists("Invoice", invoice)?;
    Ok(Value::Double(balance(context, invoice)?.owed))
}

pub(super) fn delete(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let invoice = arguments.int()?;
    context.exists("Invoice", invoice)?;
    remove(context, invoice)?;
    Ok(Value::Boolean(true))
}

/// Removes an invoice, with its order and all that hangs on either.
pub(super) fn remove(context: &Context<'_>, invoice: i32) -> Result<(), Fault> {
    for sql in HANGING {
        context.db.execute(sql, [invoice])?;
    }
    Ok(())
}

/// Adds an order without items, and its invoice, and answers the ids of both.
pub(super) fn open(context: &Context<'_>, new: &Order<'_>) -> Result<(i32, i32), Fault> {
    context.exists("Contact", new.contact)?;
    context.exists_or_none("Affiliate", new.lead)?;
    context.exists_or_none("Affiliate", new.sale)?;
    let text = |text: &str| Value::String(text.to_owned());
    let order = [
        ("ContactId", Value::Int(new.contact)),
        ("JobTitle", text(new.name)),
        ("StartDate", text(new.ordered)),
        ("DueDate", text(new.ordered)),
        ("DateCreated", text(new.ordered)),
    ];
    let order = context.insert("Job", &order)?;
    let statuses = ["CreditStatus", "RefundStatus", "PayPlanStatus", "Synced"].map(|name| (name, Value::Int(0)));
    let invoice = [
        ("ContactId", Value::Int(new.contact)),
        ("JobId", Value::Int(order)),
        ("Description", text(new.name)),
        ("LeadAffiliateId", Value::Int(new.lead)),
        ("AffiliateId", Value::Int(new.sale)),
        ("DateCreated", text(new.ordered)),
    ];
    let invoice = context.insert("Invoice", &[&invoice[..], &statuses].concat())?;
    context.db.execute("UPDATE Job SET InvoiceId = ?2 WHERE Id = ?1", (order, invoice))?;
    settle(context, invoice)?;
    Ok((order, invoice))
}

/// Adds a line to an invoice and to its order, and answers the line's id on the invoice, which is to be settled then.
pub(super) fn add_line(context: &Context<'_>, invoice: i32, item: &Item<'_>) -> Result<i32, Fault> {
    let amount = amount(item.price * f64::from(item.quantity))?;
    let (price, amount) = match item.kind {
        1..=6 | 8 | 9 => (item.price, amount),
        // Specials are discounts, with whatever sign they are sent. Several clients number one of them 11.
        7 | 10..=14 => (-item.price.abs(), -amount.abs()),
        kind => return Err(Fault::invalid_parameter(format_args!("Invalid type of an invoice item: {kind}"))),
    };
    let text = |text: &str| Value::String(text.to_owned());
    let line = [
        ("ProductId", Value::Int(item.product)),
        ("SubscriptionPlanId", Value::Int(item.plan)),
        ("ItemType", Value::Int(item.kind)),
        ("ItemName", text(item.description)),
        ("ItemDescription", text(item.description)),
        ("Notes", text(item.notes)),
        ("Qty", Value::Int(item.quantity)),
        ("PPU", Value::Double(price)),
        ("CPU", Value::Double(0.0)),
    ];
    let line = context.insert("OrderItem", &line)?;
    let billed = [
        ("InvoiceId", Value::Int(invoice)),
        ("OrderItemId", Value::Int(line)),
        ("Description", text(item.description)),
        ("InvoiceAmt", Value::Double(amount)),
        ("Discount", Value::Double(0.0)),
        ("CommissionStatus", Value::Int(0)),
    ];
    let billed = context.insert("InvoiceItem", &billed)?;
    let sql = "UPDATE OrderItem SET InvoiceItemId = ?2, OrderId = (SELECT JobId FROM Invoice WHERE Id = ?3)
               WHERE Id = ?1";
    context.db.execute(sql, (line, billed, invoice))?;
    Ok(billed)
}

/// Writes what an invoice comes to, by its items and its payments, into its row and that of its order.
pub(super) fn settle(context: &Context<'_>, invoice: i32) -> Result<(), Fault> {
    let Balance { total, paid, owed, items } = balance(context, invoice)?;
    // An invoice without items has not been paid yet.
    let settled = items > 0 && owed <= 0.0;
    let sql = "UPDATE Invoice SET InvoiceTotal = ?2, TotalDue = ?2, TotalPaid = ?3, PayStatus = ?4, ProductSold = (
                   SELECT group_concat(o.ProductId ORDER BY o.Id) FROM InvoiceItem i
                   JOIN OrderItem o ON o.Id = i.OrderItemId WHERE i.InvoiceId = ?1 AND o.ProductId > 0)
               WHERE Id = ?1";
    context.db.execute(sql, (invoice, total, paid, settled))?;
    let sql = "UPDATE Job SET OrderStatus = ?2 WHERE Id = (SELECT JobId FROM Invoice WHERE Id = ?1)";
    context.db.execute(sql, (invoice, !settled))?;
    Ok(())
}

/// What an invoice comes to.
struct Balance {
    total: f64,
    paid: f64,
    owed: f64,
    items: i32,
}

/// Adds up, in whole cents, what there is of an invoice, those rows too that came to it another way.
fn balance(context: &Context<'_>, invoice: i32) -> Result<Balance, Fault> {
    let sql = "SELECT round(total, 2), round(paid, 2), round(total - paid, 2), items FROM (
                   SELECT (SELECT total(InvoiceAmt) FROM InvoiceItem WHERE InvoiceId = ?1) AS total,
                          (SELECT count(*) FROM InvoiceItem WHERE InvoiceId = ?1) AS items,
                          (SELECT total(Amt) FROM InvoicePayment WHERE InvoiceId = ?1) AS paid)";
    let balance = context.db.query_row(sql, [invoice], |row| {
        Ok(Balance { total: row.get(0)?, paid: row.get(1)?, owed: row.get(2)?, items: row.get(3)? })
    })?;
    match [balance.total, balance.paid, balance.owed].iter().all(|sum| sum.is_finite()) {
        true => Ok(balance),
        false => Err(Fault::unexpected(format_args!("Invoice {invoice} comes to more than a number can hold"))),
    }
}

/// An amount in whole cents.
pub(super) fn amount(amount: f64) -> Result<f64, Fault> {
    match amount.abs() <= LARGEST {
        true => Ok((amount * 100.0).round() / 100.0),
        false => Err(Fault::invalid_parameter("The amount is too large")),
    }
}
