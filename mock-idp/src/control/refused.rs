//! Calls that did nothing, and what their answers say about it.

use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LARGEST_BODY, answer};
use crate::fault::FaultError;
use crate::idp::ControlError;
use crate::whole;

/// A call that did nothing: the status, and what is wrong.
pub(super) struct Refused(pub(super) StatusCode, pub(super) String);

/// What is wrong, and what to do.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    error: String,
}

impl Refused {
    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, text.into())
    }

    /// It can be read, and still not be done (RFC 9110 section 15.5.21).
    pub(super) fn unfit(text: impl Into<String>) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, text.into())
    }

    /// Nothing of this kind has that name; those there are come along.
    pub(super) fn unknown(kind: &str, name: &str, known: impl Iterator<Item = String>) -> Self {
        let known: Vec<_> = known.collect();
        let text = if known.is_empty() {
            format!("no {kind} is called {name:?}; none is registered, PUT registers one")
        } else {
            format!("no {kind} is called {name:?}; there are: {}", known.join(", "))
        };
        Self(StatusCode::NOT_FOUND, text)
    }
}

impl From<ControlError> for Refused {
    fn from(problem: ControlError) -> Self {
        let status = match problem {
            ControlError::UnknownUserCode(_) => StatusCode::NOT_FOUND,
            ControlError::UnknownUser(..) => StatusCode::UNPROCESSABLE_ENTITY,
            ControlError::TooLate(..) => StatusCode::CONFLICT,
        };
        Self(status, problem.to_string())
    }
}

impl From<FaultError> for Refused {
    fn from(problem: FaultError) -> Self {
        let status = match problem {
            FaultError::UnknownScenario(_) | FaultError::NotActive(_) => StatusCode::NOT_FOUND,
            FaultError::UnknownVariant(..) | FaultError::NotByClient(_) | FaultError::Script(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        Self(status, problem.to_string())
    }
}

impl From<PathRejection> for Refused {
    fn from(problem: PathRejection) -> Self {
        Self(problem.status(), problem.body_text())
    }
}

impl From<QueryRejection> for Refused {
    fn from(problem: QueryRejection) -> Self {
        let text = problem
            .body_text()
            .replace("Failed to deserialize query string", "the query");
        Self(problem.status(), whole::in_words(&text))
    }
}

impl From<BytesRejection> for Refused {
    fn from(problem: BytesRejection) -> Self {
        let text = match problem.status() {
            StatusCode::PAYLOAD_TOO_LARGE => format!("the body is too large; {LARGEST_BODY} bytes are the most"),
            _ => problem.body_text(),
        };
        Self(problem.status(), text)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, error) = self;
        answer(status, &Problem { error })
    }
}
