//! A user's own struct for the rows of the page.

use infusionsoft::{ContactId, DateTime};
use serde::Deserialize;

/// A row of the page, as a user would declare it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are those of the table")]
pub struct Lead {
    pub id: ContactId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone1: Option<String>,
    pub company: Option<String>,
    #[serde(rename = "CompanyID")]
    pub company_id: Option<i32>,
    pub job_title: Option<String>,
    pub street_address1: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub website: Option<String>,
    #[serde(rename = "OwnerID")]
    pub owner_id: Option<i32>,
    pub lead_source_id: Option<i32>,
    pub contact_notes: Option<String>,
    pub birthday: Option<DateTime>,
    pub date_created: Option<DateTime>,
    pub last_updated: Option<DateTime>,
}

impl Lead {
    /// How many bytes of text the row holds.
    pub fn text(&self) -> usize {
        let texts = [
            &self.first_name,
            &self.last_name,
            &self.email,
            &self.phone1,
            &self.company,
            &self.job_title,
            &self.street_address1,
            &self.city,
            &self.state,
            &self.postal_code,
            &self.country,
            &self.website,
            &self.contact_notes,
        ];
        texts.into_iter().flatten().map(String::len).sum()
    }
}
