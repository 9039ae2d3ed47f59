//! Custom fields: which ones a table has, and what they hold.
//!
//! ```
//! # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
//! use infusionsoft::{Changes, ContactId, tables::Contact};
//!
//! let fields = client.custom_fields::<Contact>()?;
//! let size = fields.column::<f64>("Shoe size")?;
//!
//! client.update(ContactId(18), Changes::new().set(size.clone(), 38.5))?;
//! for contact in client.find::<Contact>().filter(size.at_least(46)).also(&[&size]).iter() {
//!     println!("{}", contact?.extra.get::<f64>(size.name())?);
//! }
//! # Ok(()) }
//! ```
//!
//! A custom field has a label, which people see and can change, and a name, which the API uses: `_` and what the server made
//! of the first label. [`Customizable::custom`] makes a column of a name without asking the server; the fields listed here
//! know their types too. In rows, custom fields are in [`extra`](crate::table::Row::extra).

// All functions are `inline`: few programs need them, and the others are spared compiling them.

use std::fmt;
use std::marker::PhantomData;

use crate::client::Client;
use crate::data::AddCustomFieldRequest;
use crate::datetime::{Date, DateTime};
use crate::error::{Error, ErrorKind};
use crate::method::Method;
use crate::table::{Column, Customizable, rights};
use crate::tables::DataFormField;
use crate::value::Value;
use crate::{CustomFieldHeaderId, CustomFieldId, CustomFieldType, UserId};

impl Client {
    /// Lists the custom fields of a table.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::tables::Lead;
    ///
    /// for field in client.custom_fields::<Lead>()?.iter() {
    ///     println!("{}: {} ({:?})", field.name, field.label, field.data_type);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// Wire method: `DataService.query` of the table `DataFormField` (read, may be repeated: it only searches).
    ///
    /// # Errors
    ///
    /// Those of [`Client::call`].
    #[doc(alias = "DataFormField")]
    #[inline]
    pub fn custom_fields<T: Customizable>(&self) -> Result<CustomFields<T>, Error> {
        let find = self.find::<DataFormField>().filter(DataFormField::FORM_ID.equals(T::FORM_ID));
        let fields =
            find.iter().filter_map(|row| row.map(CustomField::of).transpose()).collect::<Result<_, Error>>()?;
        Ok(CustomFields { client: self.clone(), fields, table: PhantomData })
    }
}

/// A custom field of a table, as the server describes it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CustomField {
    /// Its id.
    pub id: CustomFieldId,
    /// Its name on the wire, such as `_ShoeSize`. Case matters.
    pub name: String,
    /// What people see.
    pub label: String,
    /// What it holds.
    pub data_type: DataType,
    /// The header under which people see it.
    pub header: Option<CustomFieldHeaderId>,
    /// The values to choose from, one a line as the server has them; empty for other types.
    pub values: Vec<String>,
}

impl CustomField {
    /// The field that a row describes; none if the server leaves its id or its name out, so that nobody could use it.
    #[inline]
    fn of(row: DataFormField) -> Option<CustomField> {
        Some(CustomField {
            id: row.id?,
            name: format!("_{}", row.name?),
            label: row.label.unwrap_or_default(),
            data_type: DataType::from(row.data_type.unwrap_or_default()),
            header: row.group_id,
            values: row.values.unwrap_or_default().lines().map(str::to_owned).collect(),
        })
    }
}

crate::__int_enum! {
    /// What a custom field holds: the `DataType` of a row of `DataFormField`.
    DataType {
        /// A telephone number.
        Phone = 1,
        /// A social security number.
        Ssn = 2,
        /// An amount.
        Currency = 3,
        /// A percentage.
        Percent = 4,
        /// A state of the USA.
        State = 5,
        /// Yes or no, as 1 or 0.
        YesNo = 6,
        /// A year.
        Year = 7,
        /// A month, as a number.
        Month = 8,
        /// A day of the week, as a number.
        DayOfWeek = 9,
        /// A person's name.
        Name = 10,
        /// A number.
        Decimal = 11,
        /// A whole number.
        Whole = 12,
        /// A day.
        Date = 13,
        /// A point in the server's civil time.
        DateTime = 14,
        /// A line of text.
        Text = 15,
        /// Lines of text.
        TextArea = 16,
        /// Several values of a list.
        List = 17,
        /// A web address.
        Website = 18,
        /// An email address.
        Email = 19,
        /// One value of a list, shown as buttons.
        Radio = 20,
        /// One value of a list.
        Dropdown = 21,
        /// A user.
        User = 22,
        /// A value of a list that another one leads to.
        Drilldown = 23,
        /// Several users.
        UserListBox = 25,
    }
}

impl DataType {
    /// How [`addCustomField`](crate::data::Data::add_custom_field) calls it: `Text`, `Select` and `TextArea` by the documents,
    /// the others by what clients send.
    #[inline]
    pub fn wire_name(self) -> Option<&'static str> {
        Some(match self {
            DataType::Phone => "Phone",
            DataType::Ssn => "SSN",
            DataType::Currency => "Currency",
            DataType::Percent => "Percent",
            DataType::State => "State",
            DataType::YesNo => "YesNo",
            DataType::Year => "Year",
            DataType::Month => "Month",
            DataType::DayOfWeek => "DayOfWeek",
            DataType::Name => "Name",
            DataType::Decimal => "DecimalNumber",
            DataType::Whole => "WholeNumber",
            DataType::Date => "Date",
            DataType::DateTime => "DateTime",
            DataType::Text => "Text",
            DataType::TextArea => "TextArea",
            DataType::List => "ListBox",
            DataType::Website => "Website",
            DataType::Email => "Email",
            DataType::Radio => "Radio",
            DataType::Dropdown => "Select",
            DataType::User => "User",
            DataType::Drilldown => "Drilldown",
            DataType::UserListBox => "UserListBox",
            DataType::Unknown(_) => return None,
        })
    }
}

/// A type that custom fields can be read as.
///
/// A type of your own can be one, such as an enum for the values of a dropdown.
pub trait CustomValue: Into<Value> {
    /// Whether fields of this kind hold such values.
    fn fits(data_type: DataType) -> bool;
}

/// Declares the types that hold what fields of some kinds do.
macro_rules! custom_values {
    ($($type:ty: $($kind:ident)|+;)*) => {$(
        impl CustomValue for $type {
            #[inline]
            fn fits(data_type: DataType) -> bool {
                matches!(data_type, $(DataType::$kind)|+)
            }
        }
    )*};
}

custom_values! {
    String: Phone | Ssn | State | Name | Text | TextArea | List | Website | Email | Radio | Dropdown | Drilldown | UserListBox;
    f64: Currency | Percent | Decimal;
    i32: Whole | Year | Month | DayOfWeek | YesNo | User;
    i64: Whole;
    bool: YesNo;
    UserId: User;
    Date: Date;
    DateTime: DateTime;
}

impl CustomValue for Value {
    #[inline]
    fn fits(_: DataType) -> bool {
        true
    }
}

/// The custom fields of the table `T`, from [`Client::custom_fields`]: as they were then, in the order of their ids.
pub struct CustomFields<T> {
    client: Client,
    fields: Vec<CustomField>,
    table: PhantomData<fn() -> T>,
}

impl<T: Customizable> CustomFields<T> {
    /// The fields.
    #[inline]
    pub fn iter(&self) -> std::slice::Iter<'_, CustomField> {
        self.fields.iter()
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The field of that name on the wire, such as `_ShoeSize`. Case matters.
    #[inline]
    pub fn by_name(&self, name: &str) -> Option<&CustomField> {
        self.iter().find(|field| field.name == name)
    }

    /// The field of that label, such as `Shoe size`: the oldest if there are several, since labels need not differ.
    #[inline]
    pub fn by_label(&self, label: &str) -> Option<&CustomField> {
        self.iter().find(|field| field.label == label)
    }

    /// The column of a field, by its name or its label, for values of type `V`: to set it, to select it, to find rows by it.
    ///
    /// | type | fields |
    /// | --- | --- |
    /// | `String` | texts of every kind, and values of lists |
    /// | `f64` | amounts, percentages, numbers |
    /// | `i32` | whole numbers, years, months, days of the week, yes or no, users |
    /// | `i64` | whole numbers |
    /// | `bool` | yes or no |
    /// | [`UserId`] | users |
    /// | [`Date`], [`DateTime`] | days, points in time |
    /// | [`Value`] | all, also those of an unknown kind |
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](ErrorKind::InvalidRequest) if there is no such field, if several have the label, or if the
    /// field holds values of another type.
    #[inline]
    pub fn column<V: CustomValue>(&self, name_or_label: &str) -> Result<Column<T, V, rights::Ear>, Error> {
        let field = one(&self.fields, T::TABLE, name_or_label)?;
        if !V::fits(field.data_type) {
            return Err(misfit::<V>(field));
        }
        T::custom(&field.name)
    }

    /// Creates a custom field, and adds it to these.
    ///
    /// ```
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::custom_fields::DataType;
    /// use infusionsoft::tables::{Contact, DataFormGroup};
    ///
    /// let clothes = DataFormGroup::NAME.equals("Clothes");
    /// let header = client.find::<DataFormGroup>().filter(clothes).first()?;
    /// if let Some(header) = header.and_then(|header| header.id) {
    ///     let mut fields = client.custom_fields::<Contact>()?;
    ///     println!("{}", fields.create("Shoe size", DataType::Decimal, header)?.name);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// The header is a row of `DataFormGroup`, on a tab (`DataFormTab`) whose `FormId` is the table's
    /// [`FORM_ID`](Customizable::FORM_ID). The server makes the name of the label; it is read after the field was created.
    /// The values to choose from are set by [`update_custom_field`](crate::data::Data::update_custom_field).
    ///
    /// Wire methods: `DataService.addCustomField` (sent once: never repeated if it may have been executed), then
    /// `DataService.query` (read, may be repeated).
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](ErrorKind::InvalidRequest), before anything is sent, for an unknown type; otherwise those of
    /// [`Client::call`]. If the field was created and can't be read, the error's text says so and
    /// [`maybe_executed`](Error::maybe_executed) is true.
    #[doc(alias = "addCustomField")]
    #[inline]
    pub fn create(
        &mut self,
        label: &str,
        data_type: DataType,
        header: CustomFieldHeaderId,
    ) -> Result<&CustomField, Error> {
        let field = create(&self.client, form(T::FORM_ID, T::TABLE), label, data_type, header)?;
        self.fields.push(field);
        Ok(&self.fields[self.fields.len() - 1])
    }
}

impl<'a, T> IntoIterator for &'a CustomFields<T> {
    type Item = &'a CustomField;
    type IntoIter = std::slice::Iter<'a, CustomField>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.fields.iter()
    }
}

impl<T> Clone for CustomFields<T> {
    #[inline]
    fn clone(&self) -> Self {
        CustomFields { client: self.client.clone(), fields: self.fields.clone(), table: PhantomData }
    }
}

impl<T> fmt::Debug for CustomFields<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.fields).finish()
    }
}

/// The only field of that name, or of that label.
#[inline]
fn one<'a>(fields: &'a [CustomField], table: &str, name_or_label: &str) -> Result<&'a CustomField, Error> {
    if let Some(field) = fields.iter().find(|field| field.name == name_or_label) {
        return Ok(field);
    }
    let labelled: Vec<_> = fields.iter().filter(|field| field.label == name_or_label).collect();
    match labelled.as_slice() {
        [field] => Ok(field),
        [] => Err(Error::invalid(format!("{table} has no custom field with the name or label {name_or_label:?}"))),
        several => {
            let names: Vec<_> = several.iter().map(|field| field.name.as_str()).collect();
            let message = format!("{table} has several custom fields labelled {name_or_label:?}: {}", names.join(", "));
            Err(Error::invalid(message))
        }
    }
}

#[inline]
fn misfit<V>(field: &CustomField) -> Error {
    let (name, kind, wanted) = (&field.name, field.data_type, std::any::type_name::<V>());
    Error::invalid(format!("the custom field {name} is of type {kind:?}, whose values are not {wanted}"))
}

/// What `addCustomField` calls a table.
#[inline]
fn form(form_id: i32, table: &str) -> CustomFieldType {
    match form_id {
        -1 => CustomFieldType::Contact,
        -3 => CustomFieldType::Affiliate,
        -4 => CustomFieldType::Opportunity,
        -5 => CustomFieldType::ContactAction,
        -6 => CustomFieldType::Company,
        -9 => CustomFieldType::Order,
        -10 => CustomFieldType::Subscription,
        _ => CustomFieldType::from(table),
    }
}

#[inline]
fn create(
    client: &Client,
    custom_field_type: CustomFieldType,
    label: &str,
    data_type: DataType,
    header_id: CustomFieldHeaderId,
) -> Result<CustomField, Error> {
    let Some(name) = data_type.wire_name() else {
        let message = format!("dataType is {data_type:?}, which has no name");
        return Err(Error::invalid_request(AddCustomFieldRequest::NAME, message));
    };
    let id = client.call(AddCustomFieldRequest {
        custom_field_type,
        display_name: label.to_owned(),
        data_type: name.to_owned(),
        header_id,
    })?;
    let created = || format!("the custom field {id} was created, but can't be read");
    match client.find::<DataFormField>().filter(DataFormField::ID.equals(id)).first() {
        Ok(row) => row
            .and_then(CustomField::of)
            .ok_or_else(|| Error::new(ErrorKind::Decode, created()).of(AddCustomFieldRequest::NAME).executed(true)),
        Err(error) => Err(error.on(&created()).executed(true)),
    }
}
