//! The address where a person ends their session at the server (OpenID Connect RP-Initiated Logout 1.0 section 2).

use alloc::string::String;
use alloc::vec::Vec;

use crate::form;
use crate::secret::{EndSessionUrl, IdToken};
use crate::url::HttpUrl;

/// The address to open, with the ID token as the hint whose session it is. No address to come back to is named: a
/// television has none.
pub(crate) fn url(endpoint: &HttpUrl, client_id: &str, id_token: Option<&IdToken>) -> EndSessionUrl {
    let mut query = Vec::new();
    if let Some(id_token) = id_token {
        query.push(("id_token_hint", id_token.expose()));
    }
    query.push(("client_id", client_id));
    let address = endpoint.as_str();
    // The query of the metadata is kept, and a fragment cannot follow it.
    let address = address.split('#').next().unwrap_or(address);
    let separator = if address.contains('?') { "&" } else { "?" };
    let query = form::write(&query);
    EndSessionUrl::new(String::from_iter([address, separator, &query]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_says_whose_session_it_is() {
        let url = |endpoint, id_token| {
            let endpoint = HttpUrl::parse(endpoint).expect("an address");
            super::url(&endpoint, "a tv", id_token)
        };
        let id_token = IdToken::new("e30.e30.c2ln");
        assert_eq!(
            url("https://id.example/logout", Some(&id_token)).expose(),
            "https://id.example/logout?id_token_hint=e30.e30.c2ln&client_id=a+tv"
        );
        assert_eq!(
            url("https://id.example/logout?tenant=1#top", None).expose(),
            "https://id.example/logout?tenant=1&client_id=a+tv"
        );
    }
}
