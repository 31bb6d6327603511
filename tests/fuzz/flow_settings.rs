//! Any bytes as `config.json`, any text as an address: refused with a reason, or something that a sign-in can begin with.

#![no_main]

use device_flow::{Ask, Config, Flow, HttpUrl, Input, Instant, QrMatrix, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Settings::from_json(bytes).and_then(Config::new) {
        Err(refused) => assert!(!refused.to_string().is_empty()),
        Ok(config) => {
            let step = Flow::new(config).step(Instant::default(), Input::Start);
            let Some((_, Ask::Http(request))) = step.ask else {
                panic!("starting asks for something")
            };
            let url = HttpUrl::parse(&request.url).expect("requests go to web addresses");
            assert!(!url.host().is_empty());
        }
    }
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let Some(url) = HttpUrl::parse(text) else { return };
    assert!(url.as_str().to_ascii_lowercase().starts_with("http"));
    assert!(url.same_origin(&url));
    assert!(url.as_str().contains(url.authority()) && url.authority().contains(url.host()));
    assert_eq!(
        HttpUrl::parse(url.as_str()).as_ref(),
        Some(&url),
        "what was read is read again"
    );
    if let Ok(symbol) = QrMatrix::encode(&url) {
        assert!(
            symbol.side() >= 21 && symbol.is_dark(0, 0),
            "a finder pattern stands in the corner"
        );
    }
});
