//! `OrderService`: orders of products and subscriptions, with their invoices. No card is ever charged.

use super::invoices::{self, Item, Order};
use super::subscriptions::{self, Terms};
use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;

/// The documents' number for a product among an invoice's items.
const PRODUCT_ITEM: i32 = 4;
/// What the documents show of a charge that there was not: the message, the reference and the code.
const NOT_CHARGED: [&str; 3] = ["None", "None", ""];
/// What the documents show of a charge that was refused.
const REFUSED: [&str; 3] = ["DECLINE - Response code(200)", "2879922578", "None"];

/// Places an order for a contact. One of the overloads ends with the affiliates.
pub(super) fn place(context: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    // An account has no table of the plans by which orders are paid.
    let (contact, card, _payment_plan) = (arguments.int()?, arguments.int()?, arguments.int()?);
    let (products, plans) = (arguments.ints()?, arguments.ints()?);
    // Neither specials nor promo codes are kept, so there is nothing to process.
    let (_process_specials, _promo_codes) = (arguments.boolean()?, arguments.texts()?);
    let (lead, sale) = match arguments.next() {
        Some(Value::Int(lead)) => (*lead, arguments.int()?),
        _ => (0, 0),
    };
    if products.is_empty() && plans.is_empty() {
        return Err(Fault::invalid_parameter("The order has neither products nor subscriptions"));
    }
    context.exists_or_none("CreditCard", card)?;
    let products = products.into_iter().map(|id| product(context, id)).collect::<Result<Vec<_>, _>>()?;
    let plans = plans.into_iter().map(|id| Ok((id, plan(context, id)?))).collect::<Result<Vec<_>, Fault>>()?;
    let mut names: Vec<&str> = products.iter().map(|product| product.name.as_str()).collect();
    names.extend(plans.iter().map(|(_, name)| name.as_str()));
    let name = names.join(", ");
    let (order, invoice) =
        invoices::open(context, &Order { contact, name: &name, ordered: &context.civil, lead, sale })?;
    for &Product { id: product, name: ref description, price } in &products {
        let item = Item { product, plan: 0, kind: PRODUCT_ITEM, price, quantity: 1, description, notes: "" };
        invoices::add_line(context, invoice, &item)?;
    }
    invoices::settle(context, invoice)?;
    for (plan, name) in &plans {
        let terms = Terms { contact, plan: *plan, card, affiliate: sale, ..Terms::default() };
        subscriptions::order(context, &terms, order, invoice, name)?;
    }
    Ok(result(order, invoice, if card == 0 { NOT_CHARGED } else { REFUSED }))
}

/// A product that is ordered.
struct Product {
    id: i32,
    name: String,
    price: f64,
}

/// A product, which there must be.
fn product(context: &Context<'_>, id: i32) -> Result<Product, Fault> {
    context.exists("Product", id)?;
    let sql = "SELECT coalesce(ProductName, ''), coalesce(ProductPrice, 0.0) FROM Product WHERE Id = ?1";
    Ok(context.db.query_row(sql, [id], |row| Ok(Product { id, name: row.get(0)?, price: row.get(1)? }))?)
}

/// The name of a plan, which there must be: that of its product.
fn plan(context: &Context<'_>, id: i32) -> Result<String, Fault> {
    context.exists("SubscriptionPlan", id)?;
    let sql = "SELECT coalesce(ProductName, 'Subscription')
               FROM SubscriptionPlan s LEFT JOIN Product p ON p.Id = s.ProductId WHERE s.Id = ?1";
    Ok(context.db.query_row(sql, [id], |row| row.get(0))?)
}

/// The answer, of which every member is a text.
fn result(order: i32, invoice: i32, [message, reference, code]: [&str; 3]) -> Value {
    let members = [
        ("Successful", "false".to_owned()),
        ("Message", message.to_owned()),
        ("RefNum", reference.to_owned()),
        ("OrderId", order.to_string()),
        ("InvoiceId", invoice.to_string()),
        ("Code", code.to_owned()),
    ];
    Value::Struct(members.map(|(name, text)| (name.to_owned(), Value::String(text))).into())
}
