//! Signing out: the browser's session ends (OpenID Connect RP-Initiated Logout 1.0). Tokens live on.

use super::page::{self, Notice};
use super::visitors::Visit;
use super::{html, redirect, shell, sign_in_target};
use crate::form::Form;
use crate::idp::{Call, Idp};
use crate::personality::{End, Endpoint, WayBack};
use crate::refusal::{Refusal, Reply};
use crate::tokens::{is_subject, signed_by};

impl Idp {
    /// The end session endpoint, and the page that it leads on to where the product has one.
    pub(crate) fn end_session(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let facts = call.personality;
        let rule = facts.end_session.ok_or(Refusal::UnknownPath)?;
        let visit = self.visitors.visit(call.now, call.request, &mut self.random.ids);
        let at_flow = rule.flow == Some(call.request.path());
        if rule.asks_to_sign_in && !at_flow && visit.username.is_none() {
            let sign_in = facts.template(Endpoint::SignIn);
            return Ok(redirect(&visit, &sign_in_target(sign_in, call.request.path(), call)));
        }
        let query = Form::parse(call.request.query().as_bytes());
        let form = if call.request.method == "POST" {
            call.fields
        } else {
            &query
        };
        let client_id = if rule.hint_required {
            Some(self.hinted_client(call, form, &visit)?)
        } else {
            None
        };
        let way_back = self.way_back(rule.way_back, form, client_id.as_deref())?;
        if let Some(flow) = rule.flow.filter(|_| !at_flow) {
            return Ok(redirect(
                &visit,
                &format!("{flow}{}", parameters(call, way_back.is_some())),
            ));
        }
        let visit = self.visitors.sign_out(call.now, &visit, &mut self.random.ids);
        Ok(match (way_back, rule.end) {
            (Some(way_back), _) => redirect(&visit, &way_back),
            (None, End::SignIn) => redirect(&visit, facts.template(Endpoint::SignIn)),
            (None, End::Notice(title, text)) => {
                let notice = Notice {
                    title,
                    text,
                    good: true,
                    again: None,
                };
                html(&visit, page::notice(&shell(call, &visit), &notice))
            }
        })
    }

    /// The client that the `id_token_hint` was made for, if it is valid and speaks of whoever is signed in.
    fn hinted_client(&self, call: &Call, form: &Form, visit: &Visit) -> Result<String, Refusal> {
        let signers = [&self.setup.signer].into_iter().chain(&self.setup.retired_signers);
        let hint = form.value("id_token_hint").unwrap_or_default();
        let claims = signed_by(hint, signers.map(|signer| &**signer)).ok_or(Refusal::InvalidHint)?;
        let text = |name: &str| claims[name].as_str().unwrap_or_default();
        let is_of_session = visit.username.as_deref().is_none_or(|username| {
            let user = self.setup.user(username);
            user.is_some_and(|user| is_subject(&call.personality.tokens, user, text("sub")))
        });
        let is_alive = claims["exp"].as_u64().is_some_and(|exp| call.told.seconds() < exp);
        let is_ours = text("iss") == call.issuer.url(&call.base) && self.setup.client(text("aud")).is_some();
        if is_of_session && is_alive && is_ours {
            Ok(text("aud").to_owned())
        } else {
            Err(Refusal::InvalidHint)
        }
    }

    /// The `post_logout_redirect_uri`, if it is followed, with the `state` at its end.
    fn way_back(&self, rule: WayBack, form: &Form, client_id: Option<&str>) -> Result<Option<String>, Refusal> {
        let Some(wanted) = form
            .value("post_logout_redirect_uri")
            .filter(|_| rule != WayBack::Ignored)
        else {
            return Ok(None);
        };
        let mut clients = self.setup.clients.iter();
        let is_registered = clients.any(|client| {
            let is_theirs = client_id.is_none_or(|id| client.id == id);
            is_theirs && client.post_logout_redirect_uris.iter().any(|each| each == wanted)
        });
        match (is_registered, rule) {
            (true, _) => {}
            (false, WayBack::RefusedUnlessRegistered) => return Err(Refusal::UnregisteredWayBack(wanted.to_owned())),
            (false, _) => return Ok(None),
        }
        Ok(Some(match form.value("state") {
            None => wanted.to_owned(),
            Some(state) => {
                let separator = if wanted.contains('?') { '&' } else { '?' };
                let state: String = form_urlencoded::byte_serialize(state.as_bytes()).collect();
                // A blank that is a plus would not be one everywhere.
                format!("{wanted}{separator}state={}", state.replace('+', "%20"))
            }
        }))
    }
}

/// What the page needs to know: the query as it came, or what a form said of the way back.
fn parameters(call: &Call, leads_back: bool) -> String {
    let query = call.request.query();
    if !query.is_empty() {
        return format!("?{query}");
    }
    if !leads_back {
        return String::new();
    }
    let fields = ["post_logout_redirect_uri", "state"].map(|name| Some((name, call.fields.value(name)?)));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.into_iter().flatten());
    format!("?{}", query.finish())
}
