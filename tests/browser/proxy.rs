//! The recipes for a proxy on the page's own origin, `www/PROXY.md`: what they configure, and the paths that they let through.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use mock_idp::{MockIdp, Product};
use serde_json::{Value, json};

use crate::living_room::LivingRoom;
use crate::session::{exchanges, sign_in, sign_out, wait_for_end};

const RECIPES: &str = include_str!("../../www/PROXY.md");

/// What stands between two marks, which the recipes have once.
fn between(start: &str, end: &str) -> &'static str {
    let (_, rest) = RECIPES.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

/// What Caddy lets through.
fn paths() -> Vec<String> {
    let paths = between("@idp path ", "\n").split_whitespace();
    paths.map(ToOwned::to_owned).collect()
}

/// Where authentik is, without a final slash.
fn authentik(mock: &MockIdp) -> String {
    let issuer = mock.issuer("authentik");
    issuer.trim_end_matches("/application/o/tv/").to_owned()
}

/// Does what both recipes say.
fn proxy(mock: &MockIdp) -> Router {
    let authentik = authentik(mock);
    let host = HeaderValue::from_str(authentik.trim_start_matches("http://")).expect("a host");
    let paths = paths();
    let forward = move |mut request: Request, next: Next| {
        let is_let_through = paths.contains(&format!("/idp{}", request.uri().path()));
        let headers = request.headers_mut();
        headers.insert(header::HOST, host.clone());
        headers.remove(header::ORIGIN);
        headers.remove(header::COOKIE);
        async move {
            if is_let_through {
                next.run(request).await
            } else {
                StatusCode::NOT_FOUND.into_response()
            }
        }
    };
    Router::new().nest("/idp", mock.router(Product::Authentik).layer(from_fn(forward)))
}

#[test]
fn both_recipes_let_the_same_paths_through() {
    let names = between("location ~ ^/idp(/application/o/(?:", ")/)$");
    let paths_of_nginx = names.split('|').map(|name| format!("/idp/application/o/{name}/"));
    let (mut nginx, mut caddy) = (paths_of_nginx.collect::<Vec<_>>(), paths());
    nginx.sort();
    caddy.sort();
    assert_eq!(nginx, caddy);
}

#[test]
fn the_page_signs_in_and_takes_its_tokens_back_through_the_proxy() {
    let config = |mock: &MockIdp, origin: &str| {
        let config = between("```json\n", "```");
        let config = config
            .replace("https://tv.example", origin)
            .replace("https://id.example", &authentik(mock));
        let mut config: Value = serde_json::from_str(&config).expect("the recipe's config.json");
        config["scope"] = json!("openid profile offline_access");
        config
    };
    let room = LivingRoom::behind(proxy, config);
    let mut tv = sign_in(&room);
    let (_, tokens) = exchanges(&room.mock, "/token/").pop().expect("somebody signed in");
    sign_out(&mut tv);
    wait_for_end(&mut tv, "signed_out");
    let revoked: Vec<_> = exchanges(&room.mock, "/revoke/")
        .into_iter()
        .map(|(form, _)| form)
        .collect();
    assert_eq!(revoked.len(), 2, "{revoked:?}");
    for (form, member) in revoked.iter().zip(["refresh_token", "access_token"]) {
        let sent = form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "token");
        let (_, token) = sent.expect("a token");
        assert_eq!(token, tokens[member].as_str().expect(member));
    }
}
