//! What the server does to a client while it signs in: one run of the client for each scene.

/// One run of the client.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Its name, such as `slow-down`.
    pub name: &'static str,
    /// What happens, in one sentence.
    pub what: &'static str,
    /// The steps of the mock's script (see its README, "When things go wrong"), as JSON.
    pub steps: &'static str,
    /// So many seconds later the run ends, whatever the client does.
    pub limit: u64,
}

const fn scene(name: &'static str, limit: u64, what: &'static str, steps: &'static str) -> Scene {
    Scene {
        name,
        what,
        steps,
        limit,
    }
}

/// Every scene. Where nothing else is said, the interval is a second, and the person approves after the first poll.
#[rustfmt::skip]
pub const SCENES: &[Scene] = &[
    scene("sign-in", 30, "Two polls are pending, two seconds apart, then the person approves.", r#"[
        {"facts": {"interval": 2}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
    scene("no-interval", 30, "The server names no interval.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "device_authorization", "change": {"remove": ["interval"]}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("slow-down", 40, "The first poll is answered slow_down; the person approves after the second.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "refuse": "slow_down"},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
    scene("slow-down-twice", 50, "The first two polls are answered slow_down, then the person approves.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": {"from": 1, "to": 2}, "refuse": "slow_down"},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
    scene("denied", 20, "The second poll is answered access_denied.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": {"from": 2}, "refuse": "access_denied"}]"#),
    scene("expired", 20, "The second poll is answered expired_token.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": {"from": 2}, "refuse": "expired_token"}]"#),
    scene("invalid-grant", 20, "The second poll is answered invalid_grant.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": {"from": 2}, "refuse": "invalid_grant"}]"#),
    scene("unknown-error", 20, "The second poll is answered with an error that no RFC defines.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": {"from": 2},
         "answer": {"status": 400, "json": {"error": "authorization_declined"}}}]"#),
    scene("dpop-nonce", 20, "The first poll is answered use_dpop_nonce.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code",
         "answer": {"status": 400, "headers": {"DPoP-Nonce": "a-nonce"}, "json": {"error": "use_dpop_nonce"}}}]"#),
    scene("own-clock", 30, "The code lives five seconds, nobody decides, and polls stay pending for ever.", r#"[
        {"facts": {"interval": 1, "expires_in": 5, "after_expiry": "authorization_pending"}}]"#),
    scene("timeout", 75, "The second poll is never answered, and the connection stays open.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "ending": "stall"},
        {"endpoint": "token", "grant_type": "device_code", "request": 3, "then": "approve"}]"#),
    // Behind the headers: before them, browsers ask again at once and by themselves on a connection they had used before.
    scene("lost-answer", 40, "The connection breaks in the second answer, behind its headers; the person approves after it.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "ending": {"reset_after": 0}},
        {"endpoint": "token", "grant_type": "device_code", "request": 3, "then": "approve"}]"#),
    scene("unavailable", 40, "The second poll is answered 503 with Retry-After: 3 and no JSON.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "answer":
         {"status": 503, "headers": {"Content-Type": "text/html", "Retry-After": "3"}, "body": "<h1>Service Unavailable</h1>"}},
        {"endpoint": "token", "grant_type": "device_code", "request": 3, "then": "approve"}]"#),
    scene("bad-gateway", 40, "The second poll is answered 502 with a page.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "answer":
         {"status": 502, "headers": {"Content-Type": "text/html"}, "body": "<h1>Bad Gateway</h1>"}},
        {"endpoint": "token", "grant_type": "device_code", "request": 3, "then": "approve"}]"#),
    scene("no-complete-uri", 20, "The server names no verification_uri_complete.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "device_authorization", "change": {"remove": ["verification_uri_complete"]}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("unknown-members", 20, "Every answer has members that nobody has defined, and the opposite order.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "device_authorization", "change": {"set": {"x_unknown": {"a": [1, null]}, "message": "hello"}, "reverse": true}},
        {"endpoint": "token", "change": {"set": {"x_unknown": {"a": [1, null]}}, "reverse": true}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("punctuation", 20, "The device code has every punctuation mark in it.", r#"[
        {"facts": {"interval": 1, "device_code": "punctuation"}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("token-type", 20, "The tokens' type is written bEARER.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "when": "success", "change": {"set": {"token_type": "bEARER"}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("other-issuer", 20, "The metadata names another issuer than the one that was asked.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "metadata", "change": {"set": {"issuer": "https://issuer.example"}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("no-code", 20, "The request for a code is refused with invalid_client.", r#"[
        {"endpoint": "device_authorization", "answer": {"status": 400, "json": {"error": "invalid_client"}}}]"#),
    scene("pending-428", 20, "authorization_pending comes with status 428, as at Google.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "when": "authorization_pending", "change": {"status": 428}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
    scene("pending-200", 20, "authorization_pending comes with status 200, as at GitHub.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "when": "authorization_pending", "change": {"status": 200}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
    scene("slow-down-429", 30, "slow_down comes with status 429.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "refuse": "slow_down", "change": {"status": 429}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("slow-down-8", 40, "slow_down comes with an interval of its own, 8 seconds, as at GitHub.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "refuse": "slow_down", "change": {"set": {"interval": 8}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("verification-url", 20, "The address is called verification_url, as at Google.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "device_authorization", "change": {"rename": {"verification_uri": "verification_url"}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("interval-zero", 45, "The interval is 0.", r#"[
        {"facts": {"interval": 1, "too_fast": "ignored"}},
        {"endpoint": "device_authorization", "change": {"set": {"interval": 0}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
    scene("numbers-as-texts", 20, "interval and expires_in are texts.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "device_authorization", "change": {"set": {"interval": "1", "expires_in": "1800"}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1, "then": "approve"}]"#),
    scene("redirect", 20, "The token endpoint redirects to another host with 307.", r#"[
        {"facts": {"interval": 1}},
        {"endpoint": "token", "grant_type": "device_code", "request": 1,
         "answer": {"status": 307, "headers": {"Location": "{other_origin}{target}"}}},
        {"endpoint": "token", "grant_type": "device_code", "request": 2, "then": "approve"}]"#),
];
