//! Opportunities, and orders with their invoices and payments.

use super::chance::Moment;
use super::people::Contact;
use super::setup::{Product, Setup, dollars};
use super::{CLOSE, Demo, Row};
use crate::fault::Fault;

/// Adds an opportunity; those of customers are won.
pub(super) fn opportunity(demo: &mut Demo<'_>, setup: &Setup, contact: &Contact, customer: bool) -> Result<(), Fault> {
    let chance = &mut demo.chance;
    let created = chance.later(contact.created, 60, CLOSE);
    let updated = chance.later(created, 60, CLOSE);
    // The last two stages are won and lost.
    let ends = setup.stages.len() - 2;
    let stage = if customer { setup.stages[ends] } else { *chance.pick(&setup.stages) };
    let product = chance.pick(&setup.products);
    let least = product.cents * chance.between(1, 10);
    let title = match &contact.company {
        Some(company) => format!("{} for {company}", product.name),
        None => format!("{} for {} {}", product.name, contact.first_name, contact.last_name),
    };
    let open = !setup.stages[ends..].contains(&stage);
    demo.insert(
        "Lead",
        &[
            ("ContactID", &contact.id),
            ("OpportunityTitle", &title),
            ("StageID", &stage),
            ("UserID", &contact.owner),
            ("Leadsource", &contact.lead_source),
            ("ProjectedRevenueLow", &dollars(least)),
            ("ProjectedRevenueHigh", &dollars(least * 3 / 2)),
            ("EstimatedCloseDate", &updated.plus_days(30)),
            ("NextActionDate", &open.then(|| updated.plus_days(7))),
            ("NextActionNotes", &open.then_some("Ask how they have decided.")),
            ("DateCreated", &created),
            ("CreatedBy", &contact.owner),
            ("LastUpdated", &updated),
            ("LastUpdatedBy", &contact.owner),
        ],
    )
    .map(drop)
}

/// An order as it grows.
struct Sale<'a> {
    contact: &'a Contact,
    ordered: Moment,
    lines: Vec<(Product, i64)>,
}

impl Sale<'_> {
    fn total(&self) -> i64 {
        self.lines.iter().map(|(product, quantity)| product.cents * quantity).sum()
    }
}

/// Adds an order with its items, its invoice and, mostly, its payment.
pub(super) fn order(demo: &mut Demo<'_>, setup: &Setup, contact: &Contact) -> Result<(), Fault> {
    let chance = &mut demo.chance;
    let ordered = chance.later(contact.created, contact.created.days_until(CLOSE), CLOSE);
    let lines = (0..chance.between(1, 3)).map(|_| (*chance.pick(&setup.products), chance.between(1, 3))).collect();
    let sale = Sale { contact, ordered, lines };
    let paid = chance.percent(88);
    let order = job(demo, &sale, paid)?;
    let invoice = invoice(demo, &sale, order, paid)?;
    demo.update("Job", "InvoiceId", order, invoice)?;
    for (product, quantity) in &sale.lines {
        line(demo, &sale, order, invoice, product, *quantity)?;
    }
    if paid { payment(demo, &sale, invoice) } else { Ok(()) }
}

fn job(demo: &mut Demo<'_>, sale: &Sale<'_>, paid: bool) -> Result<i32, Fault> {
    let Contact { first_name, last_name, company, place, street, zip, phone, .. } = sale.contact;
    demo.insert(
        "Job",
        &[
            ("ContactId", &sale.contact.id),
            ("JobTitle", &format!("Order of {first_name} {last_name}")),
            ("OrderType", &"Online"),
            ("OrderStatus", &i64::from(!paid)),
            ("StartDate", &sale.ordered.date()),
            ("DueDate", &sale.ordered.plus_days(14).date()),
            ("DateCreated", &sale.ordered),
            ("ShipFirstName", first_name),
            ("ShipLastName", last_name),
            ("ShipCompany", company),
            ("ShipPhone", phone),
            ("ShipStreet1", street),
            ("ShipCity", &place.city),
            ("ShipState", &place.state),
            ("ShipZip", zip),
            ("ShipCountry", &"United States"),
        ],
    )
}

fn invoice(demo: &mut Demo<'_>, sale: &Sale<'_>, order: i32, paid: bool) -> Result<i32, Fault> {
    let sold: Vec<_> = sale.lines.iter().map(|(product, _)| product.id.to_string()).collect();
    let total = dollars(sale.total());
    demo.insert(
        "Invoice",
        &[
            ("ContactId", &sale.contact.id),
            ("JobId", &order),
            ("Description", &"Online order"),
            ("InvoiceType", &"Online"),
            ("ProductSold", &sold.join(",")),
            ("InvoiceTotal", &total),
            ("TotalPaid", &if paid { total } else { 0.0 }),
            ("TotalDue", &total),
            ("PayStatus", &i64::from(paid)),
            ("CreditStatus", &0),
            ("RefundStatus", &0),
            ("PayPlanStatus", &0),
            ("Synced", &0),
            ("DateCreated", &sale.ordered),
        ],
    )
}

fn line(
    demo: &mut Demo<'_>,
    sale: &Sale<'_>,
    order: i32,
    invoice: i32,
    product: &Product,
    quantity: i64,
) -> Result<(), Fault> {
    let price = dollars(product.cents);
    let item: Row<'_> = &[
        ("OrderId", &order),
        ("ProductId", &product.id),
        ("ItemName", &product.name),
        ("ItemDescription", &product.text),
        // The documents' number for a product.
        ("ItemType", &4),
        ("Qty", &quantity),
        ("PPU", &price),
        ("CPU", &0.0),
    ];
    let item = demo.insert("OrderItem", item)?;
    let billed: Row<'_> = &[
        ("InvoiceId", &invoice),
        ("OrderItemId", &item),
        ("Description", &product.name),
        ("InvoiceAmt", &dollars(product.cents * quantity)),
        ("Discount", &0.0),
        ("CommissionStatus", &0),
        ("DateCreated", &sale.ordered),
    ];
    let billed = demo.insert("InvoiceItem", billed)?;
    demo.update("OrderItem", "InvoiceItemId", item, billed)
}

fn payment(demo: &mut Demo<'_>, sale: &Sale<'_>, invoice: i32) -> Result<(), Fault> {
    let (amount, paid) = (dollars(sale.total()), demo.chance.later(sale.ordered, 10, CLOSE).date());
    let kind = *demo.chance.pick(&["Credit Card", "Credit Card", "Check", "Cash"]);
    let payment: Row<'_> = &[
        ("ContactId", &sale.contact.id),
        ("InvoiceId", &invoice),
        ("UserId", &sale.contact.owner),
        ("PayAmt", &amount),
        ("PayDate", &paid),
        ("PayType", &kind),
        ("PayNote", &"Paid in full"),
        ("Commission", &0),
        ("Synced", &0),
    ];
    let payment = demo.insert("Payment", payment)?;
    let entry: Row<'_> = &[
        ("InvoiceId", &invoice),
        ("PaymentId", &payment),
        ("Amt", &amount),
        ("PayDate", &paid),
        ("PayStatus", &"Approved"),
        ("SkipCommission", &0),
    ];
    demo.insert("InvoicePayment", entry).map(drop)
}
