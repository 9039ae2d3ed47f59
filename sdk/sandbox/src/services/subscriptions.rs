//! `InvoiceService`: subscriptions, which are rows of `RecurringOrder`, and the cards they are charged to.

use rusqlite::OptionalExtension;

use super::invoices::{self, Item, Order};
use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::column::{self, Column, Way};
use crate::store::row;

const ACTIVE: &str = "Active";
/// The documents' number for a subscription plan among an invoice's items.
const PLAN_ITEM: i32 = 9;
/// How many cycles one invoice bills at most.
const MOST_CYCLES: i32 = 400;

/// What a contact subscribes to, and on which terms: what is not said is the plan's to say, and 0 is none.
#[derive(Default)]
pub(super) struct Terms {
    pub(super) contact: i32,
    pub(super) plan: i32,
    pub(super) quantity: Option<i32>,
    pub(super) price: Option<f64>,
    pub(super) merchant: i32,
    pub(super) card: i32,
    pub(super) affiliate: i32,
    /// The days until the first bill.
    pub(super) trial: i32,
}

pub(super) fn add(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let terms = subscriber(context, arguments)?;
    let terms = Terms { quantity: Some(arguments.int()?), price: Some(arguments.double()?), ..terms };
    // No column tells whether a subscription is taxed.
    arguments.boolean()?;
    finish(context, terms, arguments)
}

/// The overload that leaves quantity, price and tax to the plan.
pub(super) fn add_from_plan(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let terms = subscriber(context, arguments)?;
    finish(context, terms, arguments)
}

/// The contact and the plan with which a call begins, unless that would be a duplicate that is not allowed.
fn subscriber(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Terms, Fault> {
    let (contact, duplicate, plan) = (arguments.int()?, arguments.boolean()?, arguments.int()?);
    context.exists("Contact", contact)?;
    context.exists("SubscriptionPlan", plan)?;
    let sql = "SELECT 1 FROM RecurringOrder WHERE ContactId = ?1 AND SubscriptionPlanId = ?2 AND Status = ?3";
    let same = context.db.query_row(sql, (contact, plan, ACTIVE), |_| Ok(())).optional()?;
    match same {
        Some(()) if !duplicate => Err(Fault::invalid_parameter("The contact has this subscription already")),
        _ => Ok(Terms { contact, plan, ..Terms::default() }),
    }
}

/// Adds the subscription, by the arguments with which both overloads end.
fn finish(context: &Context<'_>, terms: Terms, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (merchant, card, affiliate) = (arguments.int()?, arguments.int()?, arguments.int()?);
    context.exists_or_none("CreditCard", card)?;
    context.exists_or_none("Affiliate", affiliate)?;
    insert(context, &Terms { merchant, card, affiliate, trial: arguments.int()?, ..terms }).map(Value::Int)
}

fn insert(context: &Context<'_>, terms: &Terms) -> Result<i32, Fault> {
    let Terms { contact, plan, quantity, price, merchant, card, affiliate, trial } = *terms;
    let today = context.civil.get(..10).unwrap_or_default();
    let sql = "INSERT INTO RecurringOrder (ContactId, SubscriptionPlanId, ProductId, BillingCycle, Frequency, Qty,
                   BillingAmt, MerchantAccountId, CC1, AffiliateId, AutoCharge, Status, StartDate, NextBillDate)
               SELECT ?1, Id, ProductId, Cycle, Frequency, coalesce(?3, 1), coalesce(?4, PlanPrice), ?5, ?6, ?7, 1, ?8,
                   datetime(?9), datetime(?9, ?10 || ' days')
               FROM SubscriptionPlan WHERE Id = ?2";
    let values = (contact, plan, quantity, price, merchant, card, affiliate, ACTIVE, today, trial);
    context.db.execute(sql, values)?;
    i32::try_from(context.db.last_insert_rowid()).map_err(Fault::database)
}

/// Adds a subscription that is part of an order, whose invoice bills its first cycle.
pub(super) fn order(context: &Context<'_>, terms: &Terms, order: i32, invoice: i32, name: &str) -> Result<(), Fault> {
    let id = insert(context, terms)?;
    context.db.execute("UPDATE RecurringOrder SET OriginatingOrderId = ?2 WHERE Id = ?1", (id, order))?;
    charge(context, id, invoice, name, cycles(context, id)?)
}

/// Removes a subscription and its invoices. Those are tied to it by the orders that it has made, or by what it billed.
pub(super) fn delete(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = arguments.int()?;
    context.exists("RecurringOrder", id)?;
    let sql = "SELECT i.Id FROM Invoice i JOIN Job j ON j.Id = i.JobId WHERE j.JobRecurringId = ?1
                    UNION SELECT i.InvoiceId FROM InvoiceItem i
                        JOIN JobRecurringInstance b ON b.InvoiceItemId = i.Id WHERE b.RecurringId = ?1";
    let mut statement = context.db.prepare(sql)?;
    let invoices: Vec<i32> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for invoice in invoices {
        invoices::remove(context, invoice)?;
    }
    context.db.execute("DELETE FROM JobRecurringInstance WHERE RecurringId = ?1", [id])?;
    context.db.execute("DELETE FROM RecurringOrder WHERE Id = ?1", [id])?;
    Ok(Value::Boolean(true))
}

/// Makes an invoice of the cycles that are due, with an item for each, and answers its id, or 0 if none is due.
pub(super) fn bill(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let id = arguments.int()?;
    context.exists("RecurringOrder", id)?;
    let days = cycles(context, id)?;
    if days.len() < 2 {
        return Ok(Value::Int(0));
    }
    let sql = "SELECT coalesce(ContactId, 0), coalesce(LeadAffiliateId, 0), coalesce(AffiliateId, 0)
               FROM RecurringOrder WHERE Id = ?1";
    let order = context.db.query_row(sql, [id], |row| {
        let (name, ordered) = ("Subscription", context.civil.as_str());
        Ok(Order { contact: row.get(0)?, name, ordered, lead: row.get(1)?, sale: row.get(2)? })
    })?;
    let (job, invoice) = invoices::open(context, &order)?;
    context.db.execute("UPDATE Job SET JobRecurringId = ?2 WHERE Id = ?1", (job, id))?;
    charge(context, id, invoice, order.name, days)?;
    Ok(Value::Int(invoice))
}

/// Adds an item to an invoice for each day but the last, which is that of the next bill.
fn charge(context: &Context<'_>, id: i32, invoice: i32, name: &str, mut days: Vec<String>) -> Result<(), Fault> {
    let (next, last) = (days.pop(), days.last().cloned());
    let sql = "SELECT coalesce(ProductId, 0), coalesce(SubscriptionPlanId, 0), coalesce(BillingAmt, 0.0),
                   coalesce(Qty, 1)
               FROM RecurringOrder WHERE Id = ?1";
    let item = context.db.query_row(sql, [id], |row| {
        let (product, plan, price, quantity) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Item { product, plan, kind: PLAN_ITEM, price, quantity, description: name, notes: "" })
    })?;
    for day in days {
        let line = invoices::add_line(context, invoice, &item)?;
        let billed =
            [("RecurringId", Value::Int(id)), ("InvoiceItemId", Value::Int(line)), ("StartDate", Value::String(day))];
        context.insert("JobRecurringInstance", &billed)?;
    }
    let sql = "UPDATE RecurringOrder SET LastBillDate = ?2, NextBillDate = ?3 WHERE Id = ?1";
    context.db.execute(sql, (id, last, next))?;
    invoices::settle(context, invoice)
}

/// The days on which an active subscription is billed, from the next one to the first that is not due yet.
fn cycles(context: &Context<'_>, id: i32) -> Result<Vec<String>, Fault> {
    // No document tells the numbers: 1 is a year, 2 a month, 3 a week and 6 a day, and another a month here.
    // A month that is too short is billed on its last day. What is more than the limit is left to the next invoice.
    let sql = "
        WITH RECURSIVE terms AS (
            SELECT coalesce(NextBillDate, StartDate, ?2) AS first,
                max(coalesce(Frequency, 1), 1) * iif(BillingCycle = '3', 7, 1) AS each,
                CASE BillingCycle WHEN '1' THEN ' years' WHEN '3' THEN ' days' WHEN '6' THEN ' days' ELSE ' months' END
                    AS unit
            FROM RecurringOrder WHERE Id = ?1 AND coalesce(Status, ?3) = ?3
        ), cycle (number, day) AS (
            SELECT 0, datetime(first) FROM terms
            UNION ALL
            SELECT number + 1, datetime(first, ((number + 1) * each) || unit, 'floor') FROM cycle, terms
            WHERE day <= ?2 LIMIT ?4
        )
        SELECT day FROM cycle WHERE day NOT NULL ORDER BY number";
    let mut statement = context.db.prepare_cached(sql)?;
    let days = statement.query_map((id, &context.civil, ACTIVE, MOST_CYCLES + 1), |row| row.get(0))?;
    days.collect::<Result<_, _>>().map_err(Fault::database)
}

pub(super) fn change_next_bill_date(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (id, day) = (arguments.int()?, arguments.time()?);
    context.exists("RecurringOrder", id)?;
    let column = Column::find(context.db, column::table("RecurringOrder")?, "NextBillDate", Way::Any)?;
    let day = row::store(&column, &Value::DateTime(day.to_owned()))?;
    context.db.execute("UPDATE RecurringOrder SET NextBillDate = ?2 WHERE Id = ?1", (id, day))?;
    Ok(Value::Boolean(true))
}

/// The contact's newest card with these last digits, 0 if there is none.
pub(super) fn locate_card(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (contact, digits) = (arguments.int()?, arguments.text()?);
    let sql = "SELECT coalesce(max(Id), 0) FROM CreditCard WHERE ContactId = ?1 AND Last4 = ?2";
    Ok(Value::Int(context.db.query_row(sql, (contact, digits), |row| row.get(0))?))
}
