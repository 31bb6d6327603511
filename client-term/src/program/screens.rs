//! Which page of an administrator's console puts right what was found. Words only: nothing here decides how a sign-in goes.

use device_flow::HttpUrl;

/// A product whose console is known, as its issuers look (O-01, A-78).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Product {
    Authentik,
    Okta,
}

/// Whose issuer it is, where that can be seen.
pub(crate) fn product(issuer: &str) -> Option<Product> {
    let url = HttpUrl::parse(issuer)?;
    let host = url.host().to_ascii_lowercase();
    let is_below = |domain: &str| host.strip_suffix(domain).is_some_and(|front| front.ends_with('.'));
    if url.after_authority().contains("/application/o/") {
        Some(Product::Authentik)
    } else if url.after_authority().starts_with("/oauth2/")
        || ["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com"]
            .into_iter()
            .any(is_below)
    {
        Some(Product::Okta)
    } else {
        None
    }
}

/// Pages to open, those of this product or of both; none where no page helps.
pub(crate) fn pages(product: Option<Product>, code: &str, what: &str) -> Vec<String> {
    let (okta, authentik) = by_code(code, what);
    let line = |of: Product, name: &str, page: &str| {
        let is_meant = !page.is_empty() && product.is_none_or(|product| product == of);
        is_meant.then(|| format!("{name}: {page}"))
    };
    let lines = [
        line(Product::Okta, "Okta", okta),
        line(Product::Authentik, "authentik", authentik),
    ];
    lines.into_iter().flatten().collect()
}

fn by_code(code: &str, what: &str) -> (&'static str, &'static str) {
    match code {
        // O-56
        "unauthorized_client" if what.contains("custom authorization server") => (
            "Security, API, Authorization Servers, Access Policies: assign the policy to this client, or use the org’s own issuer.",
            "",
        ),
        // O-55
        "unauthorized_client" | "device_grant_not_offered" | "unsupported_grant_type" => (
            "Applications, your app, General, General Settings, Edit: tick Device Authorization under Grant type.",
            "Applications, Providers, your provider, Edit: tick the device code grant (2026.5 and newer).",
        ),
        // O-50 to O-54
        "invalid_client" => (
            "Applications, your app, General: compare the Client ID; the app must be a Native one, with client authentication None.",
            "Applications, Providers, your provider, Edit: compare the Client ID; the Client type must be Public.",
        ),
        // O-40 to O-42
        "access_denied" if what.contains("olicy") || what.contains("scopes") => (
            "Security, API, Authorization Servers, your server, Access Policies: some rule must tick Device Authorization, for this \
             person and for every scope that is asked for. The org’s own authorization server has no such rules.",
            "Applications, your application, Policy / Group / User Bindings: who may use it.",
        ),
        "access_denied" => (
            "Applications, your app, Assignments: the person, or a group of theirs, must be assigned.",
            "Applications, your application, Policy / Group / User Bindings: who may use it.",
        ),
        //
        "verification_page_missing" => (
            "",
            "Flows and Stages, Flows: create a flow with designation Stage Configuration and Require authentication; then System, \
             Brands, your brand, Default flows: choose it as the Device code flow.",
        ),
        "invalid_scope" => (
            "Security, API, Authorization Servers, your server, Scopes; `offline_access` also needs Refresh Token among the app’s \
             grant types.",
            "Applications, Providers, your provider, Advanced protocol settings: Scopes.",
        ),
        "issuer_mismatch" | "id_token_issuer_mismatch" | "metadata_missing" => (
            "Security, API, Authorization Servers: the Issuer URI of your server, without a final slash.",
            "Applications, Providers, your provider: the OpenID Configuration Issuer, with its final slash.",
        ),
        "id_token_algorithm_refused" | "id_token_key_not_found" => (
            "",
            "Applications, Providers, your provider, Edit: choose a Signing Key; without one only the server can check its tokens.",
        ),
        "short_lifetime" => (
            "",
            "Applications, Providers, your provider, Advanced protocol settings: Access code validity, such as minutes=5.",
        ),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_known_by_their_issuers() {
        for (issuer, expected) in [
            ("https://dev-1.okta.com", Some(Product::Okta)),
            ("https://dev-1.okta.com/oauth2/default", Some(Product::Okta)),
            ("https://login.example/oauth2/aus1", Some(Product::Okta)),
            ("https://id.example/application/o/tv/", Some(Product::Authentik)),
            ("https://id.example/sso/application/o/tv/", Some(Product::Authentik)),
            ("https://notokta.com", None),
            ("https://id.example", None),
        ] {
            assert_eq!(product(issuer), expected, "{issuer}");
        }
    }

    #[test]
    fn a_policy_that_says_no_has_a_page_at_okta() {
        // O-40, in the server's own words.
        let what = "Policy evaluation failed for this request, please check the policy configurations.";
        let pages = pages(Some(Product::Okta), "access_denied", what);
        assert!(pages.len() == 1 && pages[0].contains("Access Policies"), "{pages:?}");
    }

    #[test]
    fn an_unknown_product_has_both_pages() {
        assert_eq!(pages(None, "unauthorized_client", "").len(), 2);
    }
}
