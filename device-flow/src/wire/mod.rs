//! One file per exchange, each a pure pair: `request` builds it, `response` reads the answer.
//!
//! All tolerance for imperfect servers lives here.

pub mod device_authorization;
mod error;
pub(crate) mod json;
pub mod jwks;
pub mod metadata;
pub mod token;

pub use error::AnswerError;
