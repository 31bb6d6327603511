//! One file per exchange, each a pure pair: `request` builds it, `response` reads the answer.
//!
//! All tolerance for imperfect servers lives here; `strict.rs` is the list of it, for those who want none.

pub(crate) mod device_authorization;
pub(crate) mod end_session;
mod error;
mod http_date;
pub(crate) mod json;
pub(crate) mod jwks;
pub(crate) mod metadata;
pub(crate) mod refresh;
mod retry_after;
pub(crate) mod revocation;
pub(crate) mod strict;
pub(crate) mod token;

use crate::time::UnixTime;

pub(crate) use error::AnswerError;

/// What the reading of an answer depends on, beside the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Intake {
    /// Addresses may be plain `http` to other machines.
    pub(crate) allow_insecure_http: bool,
    /// What the RFCs do not allow is an error, though it could be understood.
    pub(crate) strict: bool,
    /// What the server's clock shows now, where it was learned.
    pub(crate) server_time: Option<UnixTime>,
}
