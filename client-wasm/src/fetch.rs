//! The browser's `fetch` as one function from request to answer.
//!
//! A browser hides why a request failed; [`send`] asks further until it can name one cause.

use core::time::Duration;

use device_flow::{HttpRequest, HttpResponse, HttpUrl, MAX_BODY_BYTES, Method, TransportError};
use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestMode, RequestRedirect,
};

use crate::task::within;

/// Ours, as no standard sets one: how long one exchange may take, the search for a cause included.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends the request as it stands: no cookies, redirects not followed, no preflight.
///
/// A redirect comes back as status 0, which is all that a browser tells about it.
/// Dropping the future aborts the request.
///
/// # Errors
///
/// One [`TransportError`] for each cause that a page can observe; a name that cannot be resolved and a certificate
/// that is not trusted both look like [`TransportError::Unreachable`] from inside a browser.
pub async fn send(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    within(TIMEOUT, exchange(request))
        .await
        .unwrap_or(Err(TransportError::TimedOut))
}

async fn exchange(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    let abort = AbortOnDrop::new();
    let Ok(prepared) = prepare(&request, &abort) else {
        return Err(TransportError::Unreachable);
    };
    match prepared.send().await {
        Ok(response) => Ok(HttpResponse {
            status: response.status(),
            headers: response.headers().entries().collect(),
            body: read_body(&response).await?,
        }),
        Err(_) => Err(why_rejected(&request.url).await),
    }
}

fn prepare(request: &HttpRequest, abort: &AbortOnDrop) -> Result<Request, gloo_net::Error> {
    let builder = match request.method {
        Method::Get => RequestBuilder::new(&request.url),
        Method::Post => RequestBuilder::new(&request.url).method(gloo_net::http::Method::POST),
    };
    let builder = builder
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Manual)
        // Asks the server even where it lets answers be kept: keys that were fetched because those of a moment ago did not
        // help would be the same ones (O-98, X-33). Chromium before 64 knows no such mode.
        .cache(RequestCache::NoCache)
        .abort_signal(abort.signal().as_ref());
    let builder = request
        .headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(name, value));
    match request.method {
        Method::Get => builder.build(),
        Method::Post => builder.body(Uint8Array::from(request.body.as_slice())),
    }
}

/// Reads piece by piece, so that an endless answer cannot fill a television's memory.
async fn read_body(response: &Response) -> Result<Vec<u8>, TransportError> {
    let Some(stream) = response.body() else {
        return Ok(Vec::new());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read())
            .await
            .map_err(|_| TransportError::Interrupted)?;
        let bytes = match Reflect::get(&piece, &JsValue::from_str("value")) {
            Ok(bytes) if !bytes.is_undefined() => bytes.unchecked_into::<Uint8Array>(),
            _ => return Ok(body),
        };
        let length = body.len() + bytes.length() as usize;
        if length > MAX_BODY_BYTES {
            return Err(TransportError::BodyTooLarge);
        }
        let start = body.len();
        body.resize(length, 0);
        bytes.copy_to(&mut body[start..]);
    }
}

/// The cause of a rejected `fetch`, which itself says nothing.
///
/// A request that asks for no readable answer passes where CORS refuses: if it gets through, the server is there and
/// only its permission for this page is missing.
async fn why_rejected(url: &str) -> TransportError {
    let Some(window) = web_sys::window() else {
        return TransportError::Unreachable;
    };
    if !window.navigator().on_line() {
        return TransportError::Offline;
    }
    let page = window
        .location()
        .origin()
        .ok()
        .and_then(|origin| HttpUrl::parse(&origin));
    let Some(server) = HttpUrl::parse(url) else {
        return TransportError::Unreachable;
    };
    if page.is_some_and(|page| page.same_origin(&server)) || !is_there(&server).await {
        return TransportError::Unreachable;
    }
    TransportError::CrossOriginRefused
}

/// Whether anything answers at the server's origin.
async fn is_there(server: &HttpUrl) -> bool {
    let abort = AbortOnDrop::new();
    let probe = RequestBuilder::new(&format!("{}/", server.before_path()))
        .method(gloo_net::http::Method::HEAD)
        .mode(RequestMode::NoCors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .abort_signal(abort.signal().as_ref())
        .build();
    match probe {
        Ok(probe) => probe.send().await.is_ok(),
        Err(_) => false,
    }
}

/// Tells the browser to let go of a request when its future is dropped; does nothing for one that has ended.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    fn new() -> Self {
        // Engines before Chromium 66 have none; there the answer comes and nobody listens.
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<web_sys::AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
