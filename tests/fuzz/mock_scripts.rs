//! Scripts for the mock as JSON: each is refused with a reason, or runs on a whole sign-in without a panic.
//!
//! One that runs is also written and read again, and stays the same.

#![no_main]

use std::sync::Arc;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mock_idp::{BlankSigner, Idp, Instant, Product, Request, Script, Setup};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fuzz_target!(|bytes: &[u8]| {
    let Ok(script) = serde_json::from_slice::<Script>(bytes) else {
        return;
    };
    let written = serde_json::to_string(&script).unwrap();
    assert_eq!(serde_json::from_str::<Script>(&written).unwrap(), script);

    let mut idp = Idp::new(Product::Rfc, Setup::demo(Arc::new(BlankSigner::new())));
    if let Err(refused) = idp.faults().run(script) {
        assert!(!refused.to_string().is_empty());
        return;
    }
    let mut now = Instant::from_seconds(1_767_225_600);
    let mut ask = |idp: &mut Idp, request: Request| {
        now = now + Duration::from_secs(5);
        idp.exchange(now, &request).response.json()
    };
    for path in idp.paths() {
        ask(&mut idp, Request::get(&path));
        ask(&mut idp, Request::form(&path, &[]));
    }
    let started = ask(&mut idp, Request::form("/device_authorization", &[("client_id", "tv")]));
    let code = started["device_code"].as_str().unwrap_or_default().to_owned();
    let poll = |code: &str| {
        let fields = [("grant_type", DEVICE_CODE), ("device_code", code), ("client_id", "tv")];
        Request::form("/token", &fields)
    };
    ask(&mut idp, poll(&code));
    ask(&mut idp, poll(&code));
});
