//! One file per exchange, each a pure pair: `request` builds it, `response` reads the answer.
//!
//! All tolerance for imperfect servers lives here.

pub(crate) mod device_authorization;
mod error;
pub(crate) mod json;
pub(crate) mod jwks;
pub(crate) mod metadata;
pub(crate) mod token;

pub(crate) use error::AnswerError;
