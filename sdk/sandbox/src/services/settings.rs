//! `DataService`: the account itself and its first user.

use super::{Arguments, Context};
use crate::call::Value;
use crate::fault::Fault;
use crate::store::{fold, row};

/// The name with which the account's first user logs in.
pub const USERNAME: &str = "test@example.com";
/// The password of the account's first user; `authenticateUser` takes its MD5 hash.
pub const PASSWORD: &str = "sandbox";

/// The MD5 hash of the password.
const PASSWORD_HASH: &str = "93bc63e0b4f48fbbff568d9fc0dc3def";

/// Modules and settings of an account as it is made.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("Affiliate", "optionprogramtypes", "Standard"),
    ("Application", "apienabled", "yes"),
    ("Application", "api_passphrase", ""),
    ("Application", "enabled", "yes"),
    ("Application", "timezone", "America/New_York"),
    ("Contact", "optionfaxtypes", "Work,Home,Other"),
    ("Contact", "optionphonetypes", "Work,Home,Mobile,Other"),
    ("Contact", "optionsuffixes", "Jr,Sr,I,II,III"),
    ("Contact", "optiontitles", "Mr.,Mrs.,Ms.,Dr."),
    ("Contact", "optiontypes", "Prospect,Customer,Partner,Personal Contact,Vendor"),
    ("Order", "defaultcurrency", "USD"),
    ("Task", "optionpriority", "Critical,Essential,Non-essential"),
];

/// Answers a setting, an empty text for one that is not set.
pub(super) fn setting(_: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (module, name) = (arguments.text()?, arguments.text()?);
    let found = SETTINGS.iter().find(|setting| (setting.0, setting.1) == (module, name));
    Ok(Value::String(found.map_or("", |setting| setting.2).to_owned()))
}

pub(super) fn authenticate(_: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    let (name, hash) = (arguments.text()?, arguments.text()?);
    match fold(name) == USERNAME && hash.eq_ignore_ascii_case(PASSWORD_HASH) {
        true => Ok(Value::Int(row::USER)),
        false => Err(Fault::failed_login()),
    }
}

pub(super) fn user_info(_: &Context<'_>, _: &mut Arguments<'_>) -> Result<Value, Fault> {
    let members = [
        ("displayName", "Test Tester"),
        ("appUrl", "https://sandbox.infusionsoft.com"),
        ("globalUserId", "123"),
        ("localUserId", "1"),
        ("casUsername", USERNAME),
        ("appAlias", "sandbox"),
    ];
    Ok(Value::Struct(members.map(|(name, text)| (name.to_owned(), Value::String(text.to_owned()))).into()))
}

pub(super) fn echo(_: &Context<'_>, arguments: &mut Arguments<'_>) -> Result<Value, Fault> {
    arguments.text().map(|text| Value::String(text.to_owned()))
}
