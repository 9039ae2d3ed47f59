//! What the methods do. One that keeps no state here answers its documented sample.

mod action_sets;
mod arguments;
mod calendar;
mod contacts;
mod custom_fields;
mod data;
mod files;
mod invoices;
mod merge;
mod orders;
mod payments;
mod sequences;
mod settings;
mod subscriptions;
mod tags;
mod templates;

use std::time::SystemTime;

use rusqlite::Transaction;

use crate::call::Value;
use crate::clock::Clock;
use crate::fault::Fault;
use crate::method::Method;
use crate::methods::METHODS;
use crate::store::{Store, column, row};
pub use action_sets::Action;
pub(crate) use action_sets::add_action;
use arguments::Arguments;
pub use settings::{PASSWORD, USERNAME};

/// What every method needs: the account, and the time.
pub(crate) struct Context<'a> {
    /// The transaction in which the call is served.
    db: &'a Transaction<'a>,
    /// The time.
    now: SystemTime,
    /// The time as the database keeps it.
    civil: String,
}

impl Context<'_> {
    /// Adds a row, whatever the access of its fields.
    fn insert(&self, table: &str, values: &[(&str, Value)]) -> Result<i32, Fault> {
        let values: Vec<_> = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        row::seed(self.db, column::table(table)?, &values, &self.civil)
    }

    /// Makes sure that there is a row.
    fn exists(&self, table: &str, id: i32) -> Result<(), Fault> {
        row::exists(self.db, column::table(table)?, id)
    }

    /// Makes sure that there is a row, unless the id is 0, which is none.
    fn exists_or_none(&self, table: &str, id: i32) -> Result<(), Fault> {
        if id == 0 { Ok(()) } else { self.exists(table, id) }
    }
}

type Handler = fn(&Context<'_>, &mut Arguments<'_>) -> Result<Value, Fault>;

enum Service {
    Reads(Handler),
    Writes(Handler),
}

use Service::{Reads, Writes};

const SERVICES: &[(&str, Service)] = &[
    ("APIEmailService.addEmailTemplate", Writes(templates::add)),
    ("APIEmailService.getEmailTemplate", Reads(templates::get)),
    ("APIEmailService.updateEmailTemplate", Writes(templates::update)),
    ("ContactService.add", Writes(contacts::add)),
    ("ContactService.addToCampaign", Writes(sequences::add)),
    ("ContactService.addToGroup", Writes(tags::add)),
    ("ContactService.addWithDupCheck", Writes(contacts::add_with_dup_check)),
    ("ContactService.findByEmail", Reads(contacts::find_by_email)),
    ("ContactService.getNextCampaignStep", Reads(sequences::next_step)),
    ("ContactService.linkContacts", Writes(contacts::link)),
    ("ContactService.listLinkedContacts", Reads(contacts::list_linked)),
    ("ContactService.load", Reads(contacts::load)),
    ("ContactService.merge", Writes(merge::merge)),
    ("ContactService.pauseCampaign", Writes(sequences::pause)),
    ("ContactService.removeFromCampaign", Writes(sequences::remove)),
    ("ContactService.removeFromGroup", Writes(tags::remove)),
    ("ContactService.rescheduleCampaignStep", Writes(sequences::reschedule)),
    ("ContactService.resumeCampaignForContact", Writes(sequences::resume)),
    ("ContactService.runActionSequence", Writes(action_sets::run)),
    ("ContactService.unlinkContacts", Writes(contacts::unlink)),
    ("ContactService.update", Writes(contacts::update)),
    ("DataService.add", Writes(data::add)),
    ("DataService.addCustomField", Writes(custom_fields::add)),
    ("DataService.authenticateUser", Reads(settings::authenticate)),
    ("DataService.count", Reads(data::count)),
    ("DataService.delete", Writes(data::delete)),
    ("DataService.echo", Reads(settings::echo)),
    ("DataService.findByField", Reads(data::find_by_field)),
    ("DataService.getAppSetting", Reads(settings::setting)),
    ("DataService.getAppointmentICal", Reads(calendar::appointment)),
    ("DataService.getUserInfo", Reads(settings::user_info)),
    ("DataService.load", Reads(data::load)),
    ("DataService.query", Reads(data::query)),
    ("DataService.update", Writes(data::update)),
    ("DataService.updateCustomField", Writes(custom_fields::update)),
    ("FileService.getDownloadUrl", Reads(files::download_url)),
    ("FileService.getFile", Reads(files::get)),
    ("FileService.renameFile", Writes(files::rename)),
    ("FileService.replaceFile", Writes(files::replace)),
    ("FileService.uploadFile", Writes(files::upload)),
    ("FileService.uploadFile.uploadFileForContact", Writes(files::upload_for_contact)),
    ("InvoiceService.addManualPayment", Writes(payments::add_manual)),
    ("InvoiceService.addOrderItem", Writes(invoices::add_item)),
    ("InvoiceService.addRecurringOrder", Writes(subscriptions::add)),
    ("InvoiceService.addRecurringOrder.addRecurringOrderFromPlan", Writes(subscriptions::add_from_plan)),
    ("InvoiceService.calculateAmountOwed", Reads(invoices::amount_owed)),
    ("InvoiceService.createBlankOrder", Writes(invoices::create_blank)),
    ("InvoiceService.createInvoiceForRecurring", Writes(subscriptions::bill)),
    ("InvoiceService.deleteInvoice", Writes(invoices::delete)),
    ("InvoiceService.deleteSubscription", Writes(subscriptions::delete)),
    ("InvoiceService.getPayments", Reads(payments::list)),
    ("InvoiceService.locateExistingCard", Reads(subscriptions::locate_card)),
    ("InvoiceService.updateJobRecurringNextBillDate", Writes(subscriptions::change_next_bill_date)),
    ("OrderService.placeOrder", Writes(orders::place)),
    ("OrderService.placeOrder.placeOrderWithoutAffiliates", Writes(orders::place)),
];

/// Whether a method, of which any overload will do, keeps state.
pub(crate) fn keeps(method: &str) -> bool {
    METHODS.iter().any(|known| known.name == method && service(known).is_some())
}

fn service(method: &Method) -> Option<&'static Service> {
    SERVICES.iter().find(|(entry, _)| *entry == method.entry).map(|(_, service)| service)
}

/// Does what a method does; nothing comes of one that keeps no state.
pub(crate) fn call(store: &Store, clock: &Clock, method: &Method, arguments: &[Value]) -> Option<Result<Value, Fault>> {
    let service = service(method)?;
    let mut arguments = Arguments::new(if method.keyed { arguments.get(1..).unwrap_or_default() } else { arguments });
    let mut serve = |handler: Handler, db: &Transaction<'_>| {
        handler(&Context { db, now: clock.now(), civil: clock.civil() }, &mut arguments)
    };
    Some(match service {
        Reads(handler) => store.read(|db| serve(*handler, db)),
        Writes(handler) => store.write(|db| serve(*handler, db)),
    })
}
