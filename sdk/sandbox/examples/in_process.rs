//! How to test code that calls the API: no account, no network, no waiting.
//!
//! Copy the tests below and bring your own function.

use infusionsoft::{Client, ContactId, DuplicateCheck, Error, TagId, record};

/// The code under test: signs somebody up for a newsletter, as often as they like.
fn sign_up(crm: &Client, email: &str, newsletter: TagId) -> Result<ContactId, Error> {
    let contact = record! { "Email" => email, "Leadsource" => "Newsletter" };
    let id = crm.contacts().add_with_dup_check(contact, DuplicateCheck::Email)?;
    crm.contacts().add_to_group(id, newsletter)?;
    Ok(id)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = infusionsoft_sandbox::Sandbox::new();
    let credentials = infusionsoft::Credentials::access_token(infusionsoft_sandbox::ACCESS_TOKEN);
    let crm = Client::builder().credentials(credentials).transport(sandbox).build()?;
    let tag = crm.data().add("ContactGroup", record! { "GroupName" => "Newsletter" })?;
    println!("contact {} is signed up", sign_up(&crm, "ada@example.com", TagId(tag))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use infusionsoft::{Credentials, ErrorKind, Limits, Retry};
    use infusionsoft_sandbox::{ACCESS_TOKEN, Effect, Rule, Sandbox};

    use super::*;

    /// An empty account of the test's own, a client for it, and the newsletter's tag.
    fn account() -> Result<(Sandbox, Client, TagId), Error> {
        let sandbox = Sandbox::new();
        let credentials = Credentials::access_token(ACCESS_TOKEN);
        let builder = Client::builder().credentials(credentials).transport(sandbox.clone());
        // A test waits neither for its turn nor before a second attempt.
        let crm = builder.limits(Limits::none()).retry(Retry::none()).build()?;
        let tag = crm.data().add("ContactGroup", record! { "GroupName" => "Newsletter" })?;
        Ok((sandbox, crm, TagId(tag)))
    }

    #[test]
    fn signs_up_with_a_tag() -> Result<(), Error> {
        let (_, crm, newsletter) = account()?;
        let id = sign_up(&crm, "ada@example.com", newsletter)?;
        let ada = crm.contacts().load(id, &["Email", "Groups"])?;
        assert_eq!(ada.get::<&str>("Email")?, "ada@example.com");
        assert_eq!(ada.get::<&str>("Groups")?, newsletter.to_string());
        Ok(())
    }

    #[test]
    fn signs_nobody_up_twice() -> Result<(), Error> {
        let (_, crm, newsletter) = account()?;
        let first = sign_up(&crm, "ada@example.com", newsletter)?;
        assert_eq!(sign_up(&crm, "ada@example.com", newsletter)?, first);
        assert_eq!(crm.data().count("Contact", record! {})?, 1);
        Ok(())
    }

    #[test]
    fn can_be_repeated_when_an_answer_is_lost() -> Result<(), Error> {
        let (sandbox, crm, newsletter) = account()?;
        sandbox.inject(Rule::next(1, Effect::Reset).on("ContactService.addToGroup"));
        let error = sign_up(&crm, "ada@example.com", newsletter).expect_err("the connection was reset");
        assert_eq!((error.kind(), error.maybe_executed()), (ErrorKind::Connection, true));
        sign_up(&crm, "ada@example.com", newsletter)?;
        assert_eq!(sandbox.executions("ContactService.addToGroup"), 2);
        assert_eq!(crm.data().count("Contact", record! {})?, 1);
        Ok(())
    }
}
