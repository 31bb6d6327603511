//! Who is registered: clients and users. Passwords are never told.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, answer};
use crate::server::Shared;
use crate::setup::{Client, User};

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new().routes(routes!(clients)).routes(routes!(users))
}

/// An application on a device.
#[derive(Serialize, ToSchema)]
#[schema(as = Client)]
struct ClientView {
    /// The `client_id` it sends.
    id: String,
    /// What people see on the consent page.
    name: String,
    /// The `grant_type` values it may use.
    grant_types: Vec<String>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        Self {
            id: client.id,
            name: client.name,
            grant_types: client.grant_types,
        }
    }
}

/// Somebody who can approve.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    /// What they type to sign in.
    username: String,
    name: String,
    email: String,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            username: user.username,
            name: user.name,
            email: user.email,
        }
    }
}

/// Every client
#[utoipa::path(get, path = "/clients", tag = "registered", responses((status = 200, body = [ClientView])))]
async fn clients(State(shared): Mock) -> Response {
    let clients: Vec<ClientView> = shared.clients().into_iter().map(ClientView::from).collect();
    answer(StatusCode::OK, &clients)
}

/// Everybody who can approve
#[utoipa::path(get, path = "/users", tag = "registered", responses((status = 200, body = [UserView])))]
async fn users(State(shared): Mock) -> Response {
    let users: Vec<UserView> = shared.users().into_iter().map(UserView::from).collect();
    answer(StatusCode::OK, &users)
}
