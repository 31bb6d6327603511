//! Keys: what signs tokens, and what signed them before.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Problem, Refused, answer};
use crate::keys::Rs256Signer;
use crate::server::Shared;
use crate::signer::Signer;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(rotate))
}

/// A published key.
#[derive(Serialize, ToSchema)]
struct Key {
    /// Its id, as in the JWKS and in the header of what it signs.
    kid: String,
    /// The algorithm that it signs with.
    alg: String,
    /// Whether it signs now; the others signed before.
    signing: bool,
}

/// Every published key, newest first
#[utoipa::path(get, path = "/keys", tag = "registered", responses((status = 200, body = [Key])))]
async fn list(State(shared): Mock) -> Response {
    answer(StatusCode::OK, &keys(&shared))
}

/// Sign with a new RSA key from now on; the nine before stay published
#[utoipa::path(
    post, path = "/keys/rotate", tag = "registered",
    responses((status = 200, body = [Key]), (status = 500, body = Problem))
)]
async fn rotate(State(shared): Mock) -> Result<Response, Refused> {
    // About as long as a blink, in which others are to be answered.
    let signer = tokio::task::spawn_blocking(Rs256Signer::fresh).await;
    let Ok(Ok(signer)) = signer else {
        let text = "no new key could be made; the system may be out of randomness or memory";
        return Err(Refused(StatusCode::INTERNAL_SERVER_ERROR, text.to_owned()));
    };
    let signer: Arc<dyn Signer> = Arc::new(signer);
    shared.rotate_keys(&signer);
    Ok(answer(StatusCode::OK, &keys(&shared)))
}

fn keys(shared: &Shared) -> Vec<Key> {
    let signers = shared.signers().into_iter().enumerate();
    let keys = signers.map(|(index, signer)| Key {
        kid: signer.kid().to_owned(),
        alg: signer.alg().to_owned(),
        signing: index == 0,
    });
    keys.collect()
}
