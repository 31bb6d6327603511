//! The mock authorization server in a browser, for a page that carries its requests: the documentation's demo.
//!
//! Clock, randomness, cookies and the way of a request are the page's; this is [`mock_idp::Idp`] with a key.

#![forbid(unsafe_code)]

mod key;

use std::sync::Arc;

use mock_idp::{Ending, Faults, Idp, Instant, Product, Request, Script, Setup};
use wasm_bindgen::prelude::wasm_bindgen;

use key::Es256Key;

/// One authorization server host.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Host {
    idp: Idp,
    faults: Faults,
}

/// What comes of a request.
#[wasm_bindgen(getter_with_clone)]
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names and values by turns.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it never arrives.
    #[wasm_bindgen(js_name = isLost)]
    pub is_lost: bool,
}

#[wasm_bindgen]
impl Host {
    /// A host of the product of that name, in a folder of its origin, with a key made from 32 random bytes and codes from a
    /// random number.
    ///
    /// It fails where there is no such product, and for those few bytes that are no key: nobody meets them by chance.
    #[wasm_bindgen(constructor)]
    pub fn new(product: &str, folder: String, key: &[u8], seed: u32) -> Result<Self, String> {
        let all = Product::ALL.into_iter();
        let product = all.clone().find(|each| each.name() == product).ok_or_else(|| {
            let names: Vec<_> = all.map(Product::name).collect();
            format!("no product {product:?}; there are {}", names.join(", "))
        })?;
        let key = Es256Key::new(key).ok_or("a key is made from 32 random bytes")?;
        let mut setup = Setup::demo(Arc::new(key));
        setup.folder = folder;
        setup.seed = seed.into();
        let faults = setup.faults.clone();
        Ok(Self {
            idp: Idp::new(product, setup),
            faults,
        })
    }

    /// The issuer that a device is to know, on a host whose folder is reached at `base`.
    pub fn issuer(&self, base: &str) -> String {
        let mut issuers = self.idp.issuers(base).into_iter();
        issuers.next().map(|(_, url)| url).unwrap_or_default()
    }

    /// Answers a request at a moment, in milliseconds since 1970. Headers are names and values by turns.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "JavaScript has no other numbers"
    )]
    pub fn handle(&mut self, now: f64, method: &str, target: &str, headers: Vec<String>, body: Vec<u8>) -> Answer {
        let mut request = Request::new(method, target);
        let mut words = headers.into_iter();
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            request.headers.push((name, value));
        }
        request.body = body;
        let response = self.idp.handle(Instant::from_millis(now as u64), &request);
        let headers = response.headers.into_iter().flat_map(|(name, value)| [name, value]);
        Answer {
            status: response.status,
            headers: headers.collect(),
            body: response.body,
            is_lost: response.delivery.ending != Ending::Whole,
        }
    }

    /// Misbehaves from now on as a script says (JSON, `mock-idp/README.md`), and in no other way; without one it behaves.
    pub fn misbehave(&self, script: Option<String>) -> Result<(), String> {
        self.faults.clear();
        let Some(script) = script else {
            return Ok(());
        };
        let run = self.faults.run(Script::from_json(&script)?);
        run.map(drop).map_err(|error| error.to_string())
    }
}
