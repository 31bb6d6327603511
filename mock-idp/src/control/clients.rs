//! Clients: who may ask for codes, at every issuer alike. Secrets are never told.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaFormat, SchemaType, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Name, Problem, Refused, Sent, answer, no_content, parse, same_name, status_of_put};
use crate::server::Shared;
use crate::setup::{Client, People, all_grant_types};

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, put, remove))
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
    /// Who may sign in with it; left out, everybody. Only Okta asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<People>,
    /// Whether Okta's custom authorization servers turn it away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    org_server_only: bool,
    /// Whether whoever has signed in is not asked for consent to it. Only Okta goes by it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    implicit_consent: bool,
    /// The addresses that it may ask from; left out, any. Only Okta looks at them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = addresses)]
    network_zone: Option<Vec<IpAddr>>,
    /// Where browsers may be sent to once somebody has signed out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    post_logout_redirect_uris: Vec<String>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        Self {
            id: client.id,
            name: client.name,
            grant_types: client.grant_types,
            assigned_to: client.assigned_to,
            org_server_only: client.org_server_only,
            implicit_consent: client.implicit_consent,
            network_zone: client.network_zone,
            post_logout_redirect_uris: client.post_logout_redirect_uris,
        }
    }
}

/// Any number of addresses, of either family, or `null`.
fn addresses() -> Array {
    let family = |format: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom(format.to_owned())))
    };
    let either = OneOfBuilder::new().item(family("ipv4")).item(family("ipv6"));
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(either)
        .build()
}

/// What a client is registered with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClientToPut {
    /// As in the path, or left out.
    id: Option<String>,
    /// What people see on the consent page.
    #[schema(min_length = 1)]
    name: String,
    /// The `grant_type` values it may use; every one that the mock knows if left out.
    #[serde(default = "all_grant_types")]
    #[schema(required = false)]
    grant_types: Vec<String>,
    /// Makes it a confidential client.
    #[schema(min_length = 1)]
    secret: Option<String>,
    /// Who may sign in with it; everybody if left out. Only Okta asks.
    assigned_to: Option<People>,
    /// Whether Okta's custom authorization servers turn it away.
    #[serde(default)]
    org_server_only: bool,
    /// Whether whoever has signed in is not asked for consent to it. Only Okta goes by it.
    #[serde(default)]
    implicit_consent: bool,
    /// The addresses that it may ask from; any if left out. Only Okta looks at them.
    #[schema(schema_with = addresses)]
    network_zone: Option<Vec<IpAddr>>,
    /// Where browsers may be sent to once somebody has signed out; nowhere if left out.
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
}

/// Every client
#[utoipa::path(get, path = "/clients", tag = "registered", responses((status = 200, body = [ClientView])))]
async fn list(State(shared): Mock) -> Response {
    let clients: Vec<ClientView> = shared.clients().into_iter().map(ClientView::from).collect();
    answer(StatusCode::OK, &clients)
}

/// One client
#[utoipa::path(
    get, path = "/clients/{client_id}", tag = "registered", params(("client_id" = String, Path)),
    responses((status = 200, body = ClientView), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn read(State(shared): Mock, id: Name) -> Result<Response, Refused> {
    let Path(id) = id?;
    let found = shared.clients().into_iter().find(|client| client.id == id);
    let found = found.ok_or_else(|| unknown(&shared, &id))?;
    Ok(answer(StatusCode::OK, &ClientView::from(found)))
}

/// Register a client, in place of one with the same id
#[utoipa::path(
    put, path = "/clients/{client_id}", tag = "registered", params(("client_id" = String, Path)),
    request_body = ClientToPut,
    responses(
        (status = 200, body = ClientView, description = "Replaced"),
        (status = 201, body = ClientView, description = "New"),
        (status = 400, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)
    )
)]
async fn put(State(shared): Mock, id: Name, body: Sent) -> Result<Response, Refused> {
    let Path(id) = id?;
    let sent: ClientToPut = parse(&body?, "a client such as {\"name\":\"Living Room TV\"}")?;
    same_name("id", sent.id.as_deref(), &id)?;
    let client = Client {
        id,
        name: sent.name,
        grant_types: sent.grant_types,
        secret: sent.secret,
        assigned_to: sent.assigned_to,
        org_server_only: sent.org_server_only,
        implicit_consent: sent.implicit_consent,
        network_zone: sent.network_zone,
        post_logout_redirect_uris: sent.post_logout_redirect_uris,
    };
    client.check().map_err(Refused::unfit)?;
    let replaced = shared.put_client(&client);
    Ok(answer(status_of_put(replaced), &ClientView::from(client)))
}

/// Forget a client, with its codes and tokens
#[utoipa::path(
    delete, path = "/clients/{client_id}", tag = "registered", params(("client_id" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn remove(State(shared): Mock, id: Name) -> Result<Response, Refused> {
    let Path(id) = id?;
    if shared.remove_client(&id) {
        Ok(no_content())
    } else {
        Err(unknown(&shared, &id))
    }
}

fn unknown(shared: &Shared, id: &str) -> Refused {
    let known = shared.clients().into_iter().map(|client| client.id);
    Refused::unknown("client", id, known)
}
