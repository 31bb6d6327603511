//! What the journal shows cannot be used, however a client writes it.

use mock_idp::{Entry, Product, Request};

use crate::scene::{DEVICE_CODE, Scene, scene};

/// Everything that can be had of the journal as text.
fn texts(scene: &Scene) -> [String; 3] {
    let shown: Vec<_> = scene.journal.entries().map(Entry::shown).collect();
    [
        serde_json::to_string(&shown).unwrap(),
        serde_json::to_string(&scene.journal.verdicts()).unwrap(),
        format!("{:?}", scene.journal),
    ]
}

#[track_caller]
fn assert_silent(scene: &Scene, secret: &str) {
    for text in texts(scene) {
        assert!(!text.contains(secret), "{text}");
    }
}

/// A request with this body as it stands.
fn raw(media_type: &str, body: &str) -> Request {
    let mut request = Request::new("POST", "/token").with("Content-Type", media_type);
    request.body = body.as_bytes().to_vec();
    request
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn a_body_that_is_not_what_it_says_keeps_its_secrets() {
    for (media_type, body) in [
        // What `curl -d '{…}'` sends.
        (FORM, r#"{"client_id":"tv","device_code":"hush"}"#),
        (FORM, "{'device_code': 'hush'}"),
        (FORM, "hush"),
        (FORM, "<device_code>hush</device_code>"),
        (
            FORM,
            "--x\r\nContent-Disposition: form-data; name=\"device_code\"\r\n\r\nhush\r\n--x--",
        ),
        ("text/plain", r#"{"deviceCode":"hush"}"#),
        ("application/json", r#"{"deviceCode":"hush"}"#),
        (
            "application/json",
            r#"{"device_code":["hush"],"token":{"value":"hush"}}"#,
        ),
        (FORM, "deviceCode=hush&Client-Secret=hush"),
    ] {
        let mut scene = scene(Product::Rfc);
        scene.send(raw(media_type, body));
        assert_silent(&scene, "hush");
    }
}

#[test]
fn an_unencoded_device_code_takes_what_follows_with_it() {
    // authentik's hold every punctuation mark (A-20): a `&` in it starts what looks like another field.
    let mut scene = scene(Product::Rfc);
    let body = format!("client_id=tv&device_code=a&b=hush\"&grant_type={DEVICE_CODE}");
    scene.send(raw(FORM, &body));
    scene.send(Request::get(&format!("/token?{body}")));
    assert_silent(&scene, "hush");
    assert!(texts(&scene)[0].contains("client_id=tv&device_code=‹device_code ca9781›"));
}

#[test]
fn header_fields_keep_their_secrets() {
    let mut scene = scene(Product::Rfc);
    for (name, value) in [
        ("Authorization", "Bearer hush"),
        ("Authorization", "hush"),
        ("Proxy-Authorization", "Basic hush"),
        ("Cookie", "session=hush;other=hush"),
        ("Referer", "http://id.example/x?access_token=hush&a=b"),
        ("X-Token", "eyJhbGciOiJub25lIn0.hush.hush"),
    ] {
        scene.send(Request::get("/userinfo").with(name, value));
    }
    assert_silent(&scene, "hush");
}

#[test]
fn the_same_secret_has_the_same_mark_in_a_header_and_elsewhere() {
    let mut scene = scene(Product::Rfc);
    scene.send(Request::get("/userinfo?access_token=secret").with("Authorization", "Bearer secret"));
    scene.send(Request::get("/device").with("Cookie", "session=secret; a=b"));
    let text = &texts(&scene)[0];
    // By coreutils' sha256sum.
    assert_eq!(text.matches("‹access_token 2bb80d›").count(), 2, "{text}");
    assert!(text.contains("session=‹cookie 2bb80d›; a=‹cookie 3e23e8›"), "{text}");
    assert!(text.contains("Bearer ‹"), "{text}");
}

#[test]
fn a_password_s_mark_tells_nobody_whether_a_guess_is_right() {
    let mut scene = scene(Product::Rfc);
    scene.send(Request::form(
        "/device",
        &[("username", "jane"), ("password", "password")],
    ));
    assert!(texts(&scene)[0].contains("username=jane&password=‹password›"));
}
