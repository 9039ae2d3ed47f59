//! `InvoiceService`: subscriptions, which are rows of `RecurringOrder`, and the cards they are charged to.

use rusqlite::OptionalExtension;

use super::{Arguments, Context, contacts};
use crate::call::Value;
use crate::fault::Fault;

const ACTIVE: &str = "Active";

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, plan) = subscriber(context, arguments)?;
    let terms = (arguments.int()?, arguments.double()?);
    // No column tells whether a subscription is taxed.
    arguments.boolean()?;
    insert(context, contact, plan, Some(terms), arguments)
}

/// The overload that leaves quantity, price and tax to the plan.
pub(super) fn add_from_plan(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, plan) = subscriber(context, arguments)?;
    insert(context, contact, plan, None, arguments)
}

/// The contact and the plan with which a call begins, unless that would be a duplicate that is not allowed.
fn subscriber(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<(i32, i32), Fault> {
    let (contact, duplicate, plan) = (arguments.int()?, arguments.boolean()?, arguments.int()?);
    contacts::exists(context, contact)?;
    context.exists("SubscriptionPlan", plan)?;
    let sql = "SELECT 1 FROM RecurringOrder WHERE ContactId = ?1 AND SubscriptionPlanId = ?2 AND Status = ?3";
    let same = context.db.query_row(sql, (contact, plan, ACTIVE), |_| Ok(())).optional()?;
    match same {
        Some(()) if !duplicate => Err(Fault::invalid_parameter("The contact has this subscription already")),
        _ => Ok((contact, plan)),
    }
}

/// Adds the row, with the quantity and the price of the call or of the plan; a call ends with the other arguments.
fn insert(
    context: &Context<'_>,
    contact: i32,
    plan: i32,
    terms: Option<(i32, f64)>,
    arguments: &mut Arguments<'_>,
) -> Result<Value, Fault> {
    let (merchant, card, affiliate) = (arguments.int()?, arguments.int()?, arguments.int()?);
    let trial = arguments.int()?;
    context.exists_or_none("CreditCard", card)?;
    context.exists_or_none("Affiliate", affiliate)?;
    let (quantity, price) = terms.unzip();
    let today = context.civil.get(..10).unwrap_or_default();
    let sql = "INSERT INTO RecurringOrder (ContactId, SubscriptionPlanId, ProductId, BillingCycle, Frequency, Qty,
                   BillingAmt, MerchantAccountId, CC1, AffiliateId, AutoCharge, Status, StartDate, NextBillDate)
               SELECT ?1, Id, ProductId, Cycle, Frequency, coalesce(?3, 1), coalesce(?4, PlanPrice), ?5, ?6, ?7, 1, ?8,
                   datetime(?9), datetime(?9, ?10 || ' days')
               FROM SubscriptionPlan WHERE Id = ?2";
    let values = (contact, plan, quantity, price, merchant, card, affiliate, ACTIVE, today, trial);
    context.db.execute(sql, values)?;
    i32::try_from(context.db.last_insert_rowid()).map(Value::Int).map_err(Fault::database)
}

/// Removes a subscription and its invoices. Those are tied to it by the orders that it has made, or by what it billed.
pub(super) fn delete(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = arguments.int()?;
    context.exists("RecurringOrder", id)?;
    let invoices = "SELECT i.Id FROM Invoice i JOIN Job j ON j.Id = i.JobId WHERE j.JobRecurringId = ?1
                    UNION SELECT i.InvoiceId FROM InvoiceItem i
                        JOIN JobRecurringInstance b ON b.InvoiceItemId = i.Id WHERE b.RecurringId = ?1";
    let mut statement = context.db.prepare(invoices)?;
    let invoices: Vec<i32> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for invoice in invoices {
        context.db.execute("DELETE FROM InvoiceItem WHERE InvoiceId = ?1", [invoice])?;
        context.db.execute("DELETE FROM Invoice WHERE Id = ?1", [invoice])?;
    }
    context.db.execute("DELETE FROM JobRecurringInstance WHERE RecurringId = ?1", [id])?;
    context.db.execute("DELETE FROM RecurringOrder WHERE Id = ?1", [id])?;
    Ok(Value::Boolean(true))
}

/// The contact's newest card with these last digits, 0 if there is none.
pub(super) fn locate_card(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, digits) = (arguments.int()?, arguments.text()?);
    let sql = "SELECT coalesce(max(Id), 0) FROM CreditCard WHERE ContactId = ?1 AND Last4 = ?2";
    Ok(Value::Int(context.db.query_row(sql, (contact, digits), |row| row.get(0))?))
}
