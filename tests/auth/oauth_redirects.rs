//! Where users are sent, and what they come back with.

use infusionsoft::{ErrorKind, MemoryStore, OAuthApp, Secret, TokenProblem};

use crate::oauth_common::{BACK, World, browse};

#[test]
fn secrets_travel_by_https_or_within_this_machine() {
    let built = |url: &str| OAuthApp::builder("id", "secret", url).build();
    for url in [
        "https://shop.example.com/connected",
        "https://shop.example.com:8443/connected?shop=1",
        "http://localhost/back",
        "http://127.0.0.1:7000/back",
        "http://[::1]:7000/back",
    ] {
        assert!(built(url).is_ok(), "{url}");
    }
    for url in [
        "",
        "/connected",
        "shop.example.com",
        "http://shop.example.com/connected",
        "http://localhost.example.com/",
        "http://localhost@shop.example.com/",
        "https://user:password@shop.example.com/",
        "https://shop.example.com/#part",
        "https://shop.example.com/a b",
        "https://shop.example.com/\n",
        "https:\\\\shop.example.com",
        "ftp://localhost/",
        "urn:ietf:wg:oauth:2.0:oob",
    ] {
        let error = built(url).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{url}");
        assert!(error.to_string().starts_with("the redirect URL "), "{error}");
        let error = OAuthApp::builder("id", "secret", BACK).token_url(url).build().expect_err(url);
        assert!(error.to_string().starts_with("the token URL "), "{error}");
        let error = OAuthApp::builder("id", "secret", BACK).authorize_url(url).build().expect_err(url);
        assert!(error.to_string().starts_with("the authorize URL "), "{error}");
    }
}

#[test]
fn an_id_and_a_secret_that_cannot_be_ones_are_refused() {
    for (id, secret) in [("", "secret"), ("id", ""), ("i:d", "secret"), ("id\n", "secret"), ("id", "secret\r\n")] {
        let error = OAuthApp::builder(id, secret, BACK).build().expect_err("no application");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}

#[test]
fn a_redirect_is_read_as_url_path_or_query() {
    for shape in ["{}", "{path}", "{query}", "?{query}", "{}#part", "{query}#part"] {
        let world = World::new();
        let authorization = world.app().authorize();
        let redirect = browse(&world.sandbox, &authorization.url);
        let query = redirect.split_once('?').expect("a query").1;
        let path = redirect.strip_prefix("https://shop.example.com").expect("the redirect URL");
        let given = shape.replace("{path}", path).replace("{query}", query).replace("{}", &redirect);
        let tokens = world.app().exchange_redirect(&authorization.state, &given).expect(shape);
        assert_eq!(tokens.tenant(), Some("sandbox.infusionsoft.com"));
    }
}

#[test]
fn a_redirect_of_another_authorization_is_refused_before_its_code_is_spent() {
    let world = World::new();
    let session = world.session(MemoryStore::new());
    let authorization = session.app().authorize();
    let redirect = browse(&world.sandbox, &authorization.url);
    let state = authorization.state.expose();
    let without = redirect.replace(&format!("state={state}"), "");
    let denied = format!("{BACK}?error=access_denied");
    let foreign = [
        (Secret::from("other"), &redirect),
        (Secret::from(""), &redirect),
        (Secret::from(""), &without),
        (authorization.state.clone(), &without),
        (authorization.state.clone(), &denied),
        (Secret::from(&state[1..]), &redirect),
        (Secret::from(state.to_uppercase()), &redirect),
    ];
    for (state, redirect) in foreign {
        let error = session.authorized(&state, redirect).expect_err("another state");
        assert_eq!(error.kind(), ErrorKind::Token);
        assert_eq!(error.token_problem(), Some(TokenProblem::StateMismatch));
    }
    assert!(world.forms().is_empty());
    session.authorized(&authorization.state, &redirect).expect("tokens");
}

#[test]
fn what_the_redirect_says_instead_of_a_code_is_told_apart() {
    let world = World::new();
    let app = world.app();
    let authorization = app.authorize();
    let met = |query: &str| {
        let redirect = format!("{BACK}?{query}&state={}", authorization.state.expose());
        let error = app.exchange_redirect(&authorization.state, &redirect).expect_err(query);
        (error.token_problem().expect("a problem"), error.to_string())
    };
    let (problem, text) = met("error=access_denied&error_description=The+user+said+%22no%22");
    assert_eq!(problem, TokenProblem::Denied);
    assert_eq!(
        text,
        r#"the user denied the permission: ask again, or do without ("access_denied: The user said \"no\"")"#
    );
    assert_eq!(met("error=invalid_scope").0, TokenProblem::Refused);
    assert_eq!(met("error=access_denied&code=1").0, TokenProblem::Denied);
    assert_eq!(met("code=").0, TokenProblem::Refused);
    // The query alone, with the URL of the issuer in it (RFC 9207).
    let query = format!("state={}&error=access_denied&iss=https://accounts.example.com", authorization.state.expose());
    let error = app.exchange_redirect(&authorization.state, &query).expect_err("denied");
    assert_eq!(error.token_problem(), Some(TokenProblem::Denied));
    assert!(world.forms().is_empty());
}

#[test]
fn a_code_is_good_for_one_use() {
    let world = World::new();
    let app = world.app();
    let authorization = app.authorize();
    let redirect = browse(&world.sandbox, &authorization.url);
    app.exchange_redirect(&authorization.state, &redirect).expect("tokens");
    let error = app.exchange_redirect(&authorization.state, &redirect).expect_err("spent");
    assert_eq!(error.token_problem(), Some(TokenProblem::CodeRefused));
    assert_eq!(error.http_status(), Some(400));
}
