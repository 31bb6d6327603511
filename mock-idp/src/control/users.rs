//! Users: who may approve, at every issuer alike. Passwords are never told.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Name, Problem, Refused, Sent, answer, no_content, parse, same_name, status_of_put};
use crate::server::Shared;
use crate::setup::User;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, put, remove))
}

/// Somebody who can approve.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    /// What they type to sign in.
    username: String,
    name: String,
    email: String,
    /// The groups they are in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            username: user.username,
            name: user.name,
            email: user.email,
            groups: user.groups,
        }
    }
}

/// What somebody is registered with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserToPut {
    /// As in the path, or left out.
    username: Option<String>,
    /// What they type to sign in.
    #[schema(min_length = 1)]
    password: String,
    /// The `name` claim.
    name: String,
    /// The `email` claim.
    email: String,
    /// The groups they are in; none if left out.
    #[serde(default)]
    #[schema(required = false)]
    groups: Vec<String>,
}

/// Everybody who can approve
#[utoipa::path(get, path = "/users", tag = "registered", responses((status = 200, body = [UserView])))]
async fn list(State(shared): Mock) -> Response {
    let users: Vec<UserView> = shared.users().into_iter().map(UserView::from).collect();
    answer(StatusCode::OK, &users)
}

/// One user
#[utoipa::path(
    get, path = "/users/{username}", tag = "registered", params(("username" = String, Path)),
    responses((status = 200, body = UserView), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn read(State(shared): Mock, username: Name) -> Result<Response, Refused> {
    let Path(username) = username?;
    let found = shared.users().into_iter().find(|user| user.username == username);
    let found = found.ok_or_else(|| unknown(&shared, &username))?;
    Ok(answer(StatusCode::OK, &UserView::from(found)))
}

/// Let somebody sign in, in place of one of the same name
#[utoipa::path(
    put, path = "/users/{username}", tag = "registered", params(("username" = String, Path)),
    request_body = UserToPut,
    responses(
        (status = 200, body = UserView, description = "Replaced"),
        (status = 201, body = UserView, description = "New"),
        (status = 400, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)
    )
)]
async fn put(State(shared): Mock, username: Name, body: Sent) -> Result<Response, Refused> {
    let Path(username) = username?;
    let example = "a user such as {\"password\":\"password\",\"name\":\"John Doe\",\"email\":\"john@example.test\"}";
    let sent: UserToPut = parse(&body?, example)?;
    same_name("username", sent.username.as_deref(), &username)?;
    let user = User {
        username,
        password: sent.password,
        name: sent.name,
        email: sent.email,
        groups: sent.groups,
    };
    user.check().map_err(Refused::unfit)?;
    let replaced = shared.put_user(&user);
    Ok(answer(status_of_put(replaced), &UserView::from(user)))
}

/// Forget somebody; their tokens open nothing any more
#[utoipa::path(
    delete, path = "/users/{username}", tag = "registered", params(("username" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn remove(State(shared): Mock, username: Name) -> Result<Response, Refused> {
    let Path(username) = username?;
    if shared.remove_user(&username) {
        Ok(no_content())
    } else {
        Err(unknown(&shared, &username))
    }
}

fn unknown(shared: &Shared, username: &str) -> Refused {
    let known = shared.users().into_iter().map(|user| user.username);
    Refused::unknown("user", username, known)
}
