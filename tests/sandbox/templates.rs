//! Email templates on an account that remembers.

use infusionsoft::emails::{AddEmailTemplateRequest, UpdateEmailTemplateRequest};
use infusionsoft::{Client, EmailContentType, EmailTemplateId, MergeContext, Value, record};

use crate::account::{assert_refused, empty, raw};

fn template() -> AddEmailTemplateRequest {
    AddEmailTemplateRequest {
        template_name: "Welcome".to_owned(),
        categories: "Series".to_owned(),
        from_address: "from@example.com".to_owned(),
        to_address: "~Contact.Email~".to_owned(),
        cc_address: String::new(),
        bcc_address: "bcc@example.com".to_owned(),
        subject: "Hello & welcome".to_owned(),
        text_body: "Hello,\r\n\r\n  Zoë".to_owned(),
        html_body: "<p>Hello</p>".to_owned(),
        content_type: EmailContentType::Multipart,
        merge_context: MergeContext::Opportunity,
    }
}

fn update(id: EmailTemplateId) -> UpdateEmailTemplateRequest {
    UpdateEmailTemplateRequest {
        template_id: id,
        template_name: "Farewell".to_owned(),
        categories: String::new(),
        from_address: "new@example.com".to_owned(),
        to_address: "to@example.com".to_owned(),
        cc_address: "cc@example.com".to_owned(),
        bcc_address: String::new(),
        subject: "Bye".to_owned(),
        text_body: "Bye".to_owned(),
        html_body: "<b>Bye</b>".to_owned(),
        content_type: EmailContentType::Html,
        merge_context: MergeContext::Contact,
    }
}

/// What a call answers.
fn found(crm: &Client, id: impl Into<Value>) -> Value {
    raw(crm, "APIEmailService.getEmailTemplate", [id.into()]).expect("the template")
}

#[test]
fn a_template_comes_back_as_it_was_added() {
    let (_, crm) = empty();
    let id = crm.emails().add_email_template(template()).expect("a template");
    let expected = Value::Struct(record! {
        "pieceTitle" => "Welcome", "categories" => "Series", "fromAddress" => "from@example.com",
        "toAddress" => "~Contact.Email~", "ccAddress" => "", "bccAddress" => "bcc@example.com",
        "subject" => "Hello & welcome", "textBody" => "Hello,\r\n\r\n  Zoë", "htmlBody" => "<p>Hello</p>",
        "contentType" => "Multipart", "mergeContext" => "Opportunity",
    });
    assert_eq!(found(&crm, id), expected);
    assert_eq!(found(&crm, id.to_string()), expected, "an id may come as text");
    let row = crm.data().load("Template", id.0, &["PieceTitle", "Categories", "PieceType"]).expect("the row");
    assert_eq!(row, record! { "PieceTitle" => "Welcome", "Categories" => "Series", "PieceType" => "Email" });
}

#[test]
fn an_update_changes_all_of_a_template_and_no_other() {
    let (_, crm) = empty();
    let add = || crm.emails().add_email_template(template()).expect("a template");
    let (id, other) = (add(), add());
    let before = found(&crm, other);
    assert_eq!(crm.emails().update_email_template(update(id)).expect("an update"), Value::from(id));
    let expected = Value::Struct(record! {
        "pieceTitle" => "Farewell", "categories" => "", "fromAddress" => "new@example.com",
        "toAddress" => "to@example.com", "ccAddress" => "cc@example.com", "bccAddress" => "", "subject" => "Bye",
        "textBody" => "Bye", "htmlBody" => "<b>Bye</b>", "contentType" => "HTML", "mergeContext" => "Contact",
    });
    assert_eq!(found(&crm, id), expected);
    assert_eq!(found(&crm, other), before);
}

#[test]
fn unknown_templates_are_refused() {
    let (_, crm) = empty();
    let message = "[RecordNotFound]Record not found: Template 9";
    assert_refused(crm.emails().get_email_template(9.into()), 5, message);
    assert_refused(crm.emails().update_email_template(update(9.into())), 5, message);
}

#[test]
fn a_template_that_a_test_has_put_there_is_empty() {
    let (sandbox, crm) = empty();
    let name = infusionsoft_sandbox::Value::String("Welcome".to_owned());
    let id = sandbox.insert("Template", [("PieceTitle", name)]).expect("the row is added");
    let template = crm.emails().get_email_template(id.into()).expect("the template");
    assert_eq!((template.piece_title.as_deref(), template.subject.as_deref()), (Some("Welcome"), Some("")));
}
