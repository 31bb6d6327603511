//! What is kept of each request, and what is shown of it.

use std::time::Duration;

use mock_idp::{Entry, Journal, LARGEST_JOURNAL, Product, Request};
use serde_json::json;

use crate::scene::scene;

#[test]
fn the_oldest_make_room_and_are_counted() {
    let mut scene = scene(Product::Rfc);
    scene.journal = Journal::new(2);
    for _ in 0..5 {
        scene.start();
    }
    let numbers: Vec<_> = scene.journal.entries().map(|entry| entry.number).collect();
    assert_eq!(
        (numbers, scene.journal.dropped(), scene.journal.next()),
        (vec![4, 5], 3, 6)
    );
    assert_eq!(scene.journal.from(1).map(|entry| entry.number), Some(4));
    assert_eq!(scene.journal.from(5).map(|entry| entry.number), Some(5));
    assert!(scene.journal.from(6).is_none());
    assert_eq!(scene.verdict().starts, 5);
    scene.journal.clear();
    assert_eq!((scene.journal.entries().count(), scene.journal.next()), (0, 6));
}

#[test]
fn an_entry_is_small_however_large_its_request_was() {
    let mut scene = scene(Product::Rfc);
    let mut request = Request::new("POST", &format!("/token?{}", "a".repeat(60_000)));
    request.body = vec![b'a'; 60_000];
    for number in 0..100 {
        request = request.with(&format!("x-{number}"), &"ä".repeat(2000));
    }
    scene.send(request);
    let entry = scene.journal.entries().next().unwrap();
    let headers: usize = entry.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(
        entry.target.len() + headers + entry.body.kept.len() < 32 * 1024,
        "{headers}"
    );
    assert_eq!(entry.body.length, 60_000);
}

#[test]
fn all_entries_together_stay_small() {
    let mut scene = scene(Product::Rfc);
    // 16,000 bytes and a little more are kept of each.
    let request = Request::get(&"/".repeat(8000)).with("x", &"a".repeat(8000));
    for _ in 0..5000 {
        scene.send(request.clone());
    }
    let kept = scene.journal.entries().count();
    assert!(
        (LARGEST_JOURNAL / 17_000..LARGEST_JOURNAL / 16_000).contains(&kept),
        "{kept}"
    );
    assert_eq!(scene.journal.dropped() + kept as u64, 5000);
    assert_eq!(scene.journal.entries().last().map(|entry| entry.number), Some(5000));
}

#[test]
fn an_entry_says_what_happened_and_when() {
    let mut scene = scene(Product::Okta);
    scene.start();
    scene.poll_after(5.0);
    scene.switch_on("X-27");
    scene.poll_after(7.5);
    let entry = scene.journal.entries().last().unwrap();
    assert_eq!(entry.gap, Some(Duration::from_millis(7500)));
    let shown = serde_json::to_value(entry.shown()).unwrap();
    for (name, value) in json!({
        "number": 3, "issuer": "okta-org", "endpoint": "token", "client_id": "tv", "faults": ["X-27"],
        "method": "POST", "target": "/oauth2/v1/token", "status": 400, "gap": 7500, "ending": "no_answer",
    })
    .as_object()
    .unwrap()
    {
        assert_eq!(shown[name], *value, "{name}");
    }
}

#[test]
fn no_secret_is_shown() {
    for product in [Product::Rfc, Product::Okta, Product::Authentik] {
        let mut scene = scene(product);
        scene.start();
        scene.approve();
        let tokens = scene.poll_after(5.0).json();
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        scene.refresh(&text("refresh_token"));
        let bearer = format!("Bearer {}", text("access_token"));
        scene.send(
            Request::get("/userinfo")
                .with("Authorization", &bearer)
                .with("Cookie", "session=hush-cookie"),
        );
        scene.send(Request::get(&format!(
            "/userinfo?access_token={}",
            text("access_token")
        )));
        scene.send(Request::form(
            "/device",
            &[("username", "jane"), ("password", "hush-password")],
        ));
        let cut = json!({ "steps": [{ "change": { "truncate": 300 } }] });
        scene.idp.faults().run(serde_json::from_value(cut).unwrap()).unwrap();
        scene.start();
        let shown: Vec<_> = scene.journal.entries().map(Entry::shown).collect();
        let shown = serde_json::to_string(&shown).unwrap();
        let secrets = [
            scene.device_code.clone(),
            text("access_token"),
            text("refresh_token"),
            text("id_token"),
            "hush-".to_owned(),
        ];
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            let escaped = serde_json::to_string(secret).unwrap();
            assert!(!shown.contains(&escaped[1..escaped.len() - 1]), "{secret}");
        }
        // The same secret has the same mark, in a form and in JSON.
        let mark = &shown[shown.find("‹device_code").unwrap()..][.."‹device_code 012345›".len()];
        assert!(shown.matches(mark).count() >= 2, "{mark}");
    }
}
