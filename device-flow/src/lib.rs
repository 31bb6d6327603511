//! The OAuth 2.0 Device Authorization Grant (RFC 8628) as a state machine without I/O.
//!
//! A shell owns the network, the clock and the screen; this crate owns every decision.
//! The shell hands each event to [`Flow::step`] together with the current [`Instant`], does what the returned
//! [`Step`] asks for, and shows [`Flow::view`].
//!
//! ```
//! use device_flow::{Answer, Ask, Config, Flow, HttpResponse, Input, Instant, Settings};
//!
//! let config = Config::new(Settings {
//!     issuer: Some("https://id.example/tenant".into()),
//!     client_id: "tv".into(),
//!     ..Settings::default()
//! })?;
//! let mut flow = Flow::new(config);
//! let now = Instant::from_millis(0);
//! let step = flow.step(now, Input::Start);
//! let Some((id, Ask::Http(request))) = step.ask else { panic!("starting asks for the metadata") };
//! assert_eq!(request.url, "https://id.example/tenant/.well-known/openid-configuration");
//! // The shell sends the request and, when the answer is there:
//! let answer = HttpResponse { status: 503, headers: vec![], body: vec![] };
//! let step = flow.step(now, Input::Answer(id, Answer::Http(Ok(answer))));
//! assert!(step.wake_at.is_some(), "an unavailable server is asked again later");
//! # Ok::<(), device_flow::ConfigError>(())
//! ```
//!
//! What comes after is a second machine of the same shape: [`Session`] keeps the tokens fresh until somebody or the server
//! ends that.
//!
//! Left to shells: HTTP, timers, cryptography ([`Ask::VerifySignature`], [`Ask::Digest`]), storage, words in other languages.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "qr", test))]
extern crate std;

mod checkup;
mod clock;
mod config;
mod error;
mod flow;
pub mod form;
mod http;
mod id_token;
mod ip;
pub mod json;
mod names;
mod pkce;
#[cfg(feature = "qr")]
mod qr;
mod secret;
pub mod session;
mod setback;
mod time;
mod url;
mod view;
mod wire;

pub use checkup::{Checkup, Finding};
pub use clock::{Clock, ClockReading};
pub use config::{Config, Settings};
pub use error::{ConfigError, ErrorResponse, FlowError, IdTokenError, Lost, LostCause, PeerMisbehaved, TransportError};
pub use flow::{Answer, Ask, AskId, Ending, Flow, Input, NotSignedIn, SignedIn, Step};
pub use http::{HttpRequest, HttpResponse, MAX_BODY_BYTES, Method};
pub use id_token::{Identity, SignatureAnswer, SignatureCheck, Vouched};
#[cfg(feature = "qr")]
pub use qr::{QrError, QrMatrix};
pub use secret::{AccessToken, DeviceCode, DigestInput, EndSessionUrl, IdToken, RefreshToken, Seed, SessionRecord};
pub use session::Session;
pub use time::{Instant, UnixTime};
pub use url::HttpUrl;
pub use view::{CodeView, Failure, FailureCause, Trouble, View};
pub use wire::jwks::Jwk;
pub use wire::token::Tokens;
