//! What a person sees: enter the code, sign in, approve or deny (RFC 8628 section 3.3). Plain forms, no script.
//!
//! Field names are stable, for people's scripts: the code is `user_code` (authentik: `code`), sign-in is `username`
//! and `password`, the answer is a button `decision` with value `approve` or `deny`.
//! Every form also carries `form_token`, which is bound to the session cookie.

use crate::form::Form;
use crate::grant::device::Decision;
use crate::idp::{Call, Idp};
use crate::personality::{Endpoint, SignIn, WrongCode};
use crate::refusal::{Body, Refusal, Reply};

mod end_session;
mod flows;
mod page;
mod visitors;

pub(crate) use visitors::Visitors;

use page::{Confirm, Enter, Notice, Shell};
use visitors::Visit;

const STALE_FORM: &str = "This page was open for too long. Please try again.";
const WRONG_PASSWORD: &str = "That name and password do not belong together. Please try again.";
const CODE_GONE: &str = "This code is no longer valid. Get a new one on your device.";

impl Idp {
    /// The verification page: `GET` shows its first step, each `POST` leads to the next.
    pub(crate) fn verification(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let facts = call.personality;
        //
        if facts.page.flows.is_some() && !self.setup.flows.device_code {
            return Err(Refusal::UnknownPath);
        }
        let visit = self.visitors.visit(call.now, call.request, &mut self.random.ids);
        let query = Form::parse(call.request.query().as_bytes());
        let form = if call.request.method == "POST" {
            call.fields
        } else {
            &query
        };
        if let (SignIn::BeforeCode, None) = (facts.page.sign_in, &visit.username) {
            let path = facts.template(Endpoint::SignIn);
            return Ok(redirect(&visit, &sign_in_target(path, call.request.path(), call)));
        }
        let is_post = call.request.method == "POST";
        if is_post && form.value("form_token") != Some(visit.form_token.as_str()) {
            let code = form.value(facts.code_parameter).unwrap_or_default();
            return Ok(enter(call, &visit, code, Some(STALE_FORM)).with_status(403));
        }
        if let (Some(paths), Some(username)) = (facts.page.flows, visit.username.clone()) {
            return self.flow(call, paths, &visit, form, username);
        }
        Ok(self.steps(call, visit, form, is_post))
    }

    /// The steps of a page that stays at its address: the code, the sign-in, the decision.
    fn steps(&mut self, call: &Call, visit: Visit, form: &Form, is_post: bool) -> Reply {
        let facts = call.personality;
        let code = facts.page.taken(form.value(facts.code_parameter).unwrap_or_default());
        let user_code = facts.user_code_match.typed(facts.user_code, code);
        if code.is_empty() && !is_post {
            return enter(call, &visit, "", None);
        }
        if !self.takes(call, &user_code) {
            return wrong_code(call, &visit, code);
        }
        let (visit, error) = self.signed_in_by(call, form, visit, is_post);
        let Some(username) = visit.username.clone().filter(|_| error.is_none()) else {
            return ask_to_sign_in(call, &visit, form, (facts.code_parameter, &user_code), error);
        };
        if let Some(no) = self.no_entry(call, &visit, &user_code, &username) {
            return no;
        }
        match form.value("decision").filter(|_| is_post) {
            Some("approve") => self.approve_on_page(call, &visit, &user_code, username),
            Some("deny") if facts.page.has_deny => self.deny_on_page(call, &visit, &user_code),
            _ if self.needs_no_consent(call, &user_code) => self.approve_on_page(call, &visit, &user_code, username),
            _ => self.confirm(call, &visit, &user_code, &username),
        }
    }

    /// Whether the client is one that the product asks nobody's consent to (O-145).
    fn needs_no_consent(&mut self, call: &Call, user_code: &str) -> bool {
        let Some(grant) = self.store.by_user_code(user_code) else {
            return false;
        };
        let client = self.setup.client(&grant.client_id);
        call.personality.page.consent_by_client && client.is_some_and(|client| client.implicit_consent)
    }

    /// The sign-in page of products that have one of its own; leads on to the path in `next`.
    pub(crate) fn sign_in(&mut self, call: &Call) -> Reply {
        let visit = self.visitors.visit(call.now, call.request, &mut self.random.ids);
        let query = Form::parse(call.request.query().as_bytes());
        let form = call.fields;
        let next = form
            .value("next")
            .or_else(|| query.value("next"))
            .filter(|next| is_local(next));
        let next = next.unwrap_or(call.personality.paths.verification).to_owned();
        let is_post = call.request.method == "POST";
        if is_post && form.value("form_token") != Some(visit.form_token.as_str()) {
            return ask_to_sign_in(call, &visit, form, ("next", &next), Some(STALE_FORM)).with_status(403);
        }
        let (visit, error) = self.signed_in_by(call, form, visit, is_post);
        if visit.username.is_some() && error.is_none() {
            return redirect(&visit, &next);
        }
        ask_to_sign_in(call, &visit, form, ("next", &next), error)
    }

    /// The visit after the form's name and password, if it has any, and what was wrong with them.
    fn signed_in_by(&mut self, call: &Call, form: &Form, visit: Visit, is_post: bool) -> (Visit, Option<&'static str>) {
        let Some(username) = form.value("username").filter(|_| is_post) else {
            return (visit, None);
        };
        let password = form.value("password").unwrap_or_default();
        match self.setup.user(username) {
            Some(user) if user.password == password => {
                let visit = self.visitors.sign_in(call.now, &visit, username, &mut self.random.ids);
                (visit, None)
            }
            _ => (visit, Some(WRONG_PASSWORD)),
        }
    }

    /// Whether a code is right, and the caller has not typed too many that were not (S-27).
    fn takes(&mut self, call: &Call, user_code: &str) -> bool {
        let is_open = self.is_open(call, user_code);
        let Some(limit) = call.personality.page.wrong_codes else {
            return is_open;
        };
        let caller = call.caller();
        if is_open && !self.throttles.wrong_codes.is_spent(call.now, &caller, limit) {
            return true;
        }
        self.throttles.wrong_codes.admit(call.now, &caller, limit);
        false
    }

    fn is_open(&mut self, call: &Call, user_code: &str) -> bool {
        self.store
            .by_user_code(user_code)
            .is_some_and(|grant| grant.is_open(call.now, call.personality))
    }

    fn confirm(&mut self, call: &Call, visit: &Visit, user_code: &str, username: &str) -> Reply {
        let facts = call.personality;
        let Some(grant) = self.store.by_user_code(user_code) else {
            return enter(call, visit, "", Some(CODE_GONE));
        };
        grant.seen_at.get_or_insert(call.now);
        let (client_id, scope) = (grant.client_id.clone(), grant.scope.clone());
        let client = self
            .setup
            .client(&client_id)
            .map_or(client_id.as_str(), |client| client.name.as_str());
        let person = self.setup.user(username).map_or(username, |user| user.name.as_str());
        let confirm = Confirm {
            code_parameter: facts.code_parameter,
            user_code,
            client,
            scope: &scope,
            person,
            has_deny: facts.page.has_deny,
        };
        html(visit, page::confirm(&shell(call, visit), &facts.page.words, &confirm))
    }

    fn approve_on_page(&mut self, call: &Call, visit: &Visit, user_code: &str, username: String) -> Reply {
        let words = &call.personality.page.words;
        let decision = Decision::Approved { username, at: call.now };
        if self.settle_by(call.personality, call.now, user_code, decision).is_err() {
            return enter(call, visit, "", Some(CODE_GONE));
        }
        let notice = Notice {
            title: words.approved_title,
            text: words.approved_text,
            good: true,
            again: None,
        };
        html(visit, page::notice(&shell(call, visit), &notice))
    }

    /// The end for somebody who gets nothing, before they are asked (O-145).
    fn no_entry(&mut self, call: &Call, visit: &Visit, user_code: &str, username: &str) -> Option<Reply> {
        let words = call.personality.page.turned_away?;
        let refusal = self.admit(call.personality, user_code, username).err()?;
        Some(self.turn_away(call, visit, user_code, refusal, words))
    }

    /// Ends with a no that is not the person's.
    fn turn_away(
        &mut self,
        call: &Call,
        visit: &Visit,
        user_code: &str,
        refusal: Refusal,
        (title, text): (&str, &str),
    ) -> Reply {
        let decision = Decision::Refused { refusal, at: call.now };
        if self.settle_by(call.personality, call.now, user_code, decision).is_err() {
            return enter(call, visit, "", Some(CODE_GONE));
        }
        let notice = Notice {
            title,
            text,
            good: false,
            again: Some(call.personality.paths.verification),
        };
        html(visit, page::notice(&shell(call, visit), &notice))
    }

    fn deny_on_page(&mut self, call: &Call, visit: &Visit, user_code: &str) -> Reply {
        let words = &call.personality.page.words;
        let settled = self.settle_by(call.personality, call.now, user_code, Decision::Denied { at: call.now });
        if settled.is_err() {
            return enter(call, visit, "", Some(CODE_GONE));
        }
        let notice = Notice {
            title: words.denied_title,
            text: words.denied_text,
            good: false,
            again: Some(call.personality.paths.verification),
        };
        html(visit, page::notice(&shell(call, visit), &notice))
    }
}

/// A page that says no more than this.
pub(crate) fn notice(brand: &str, title: &str, text: &str) -> String {
    let shell = Shell {
        brand,
        folder: "",
        action: "",
        form_token: "",
    };
    let notice = Notice {
        title,
        text,
        good: false,
        again: None,
    };
    page::notice(&shell, &notice)
}

fn enter(call: &Call, visit: &Visit, code: &str, error: Option<&str>) -> Reply {
    let facts = call.personality;
    let enter = Enter {
        code_parameter: facts.code_parameter,
        code,
        numeric: facts.user_code.is_numeric(),
        error,
    };
    html(visit, page::enter(&shell(call, visit), &facts.page.words, &enter))
}

fn wrong_code(call: &Call, visit: &Visit, code: &str) -> Reply {
    let is_typed = call.request.method == "POST";
    match call.personality.page.wrong_code {
        WrongCode::AskAgain(message) => enter(call, visit, code, Some(message)),
        WrongCode::DeniedUnlessTyped(.., message) if is_typed => enter(call, visit, code, Some(message)),
        WrongCode::Denied(title, text) | WrongCode::DeniedUnlessTyped(title, text, _) => {
            let notice = Notice {
                title,
                text,
                good: false,
                again: Some(call.personality.paths.verification),
            };
            html(visit, page::notice(&shell(call, visit), &notice))
        }
    }
}

/// `kept` comes back with the answer, as a hidden field.
fn ask_to_sign_in(call: &Call, visit: &Visit, form: &Form, kept: (&str, &str), error: Option<&str>) -> Reply {
    let sign_in = page::SignIn {
        kept,
        username: form.value("username").unwrap_or_default(),
        error,
    };
    html(visit, page::sign_in(&shell(call, visit), &sign_in))
}

fn shell<'a>(call: &'a Call, visit: &'a Visit) -> Shell<'a> {
    Shell {
        brand: call.personality.page.words.brand,
        folder: call.folder,
        action: call.request.path(),
        form_token: &visit.form_token,
    }
}

/// The sign-in path with the way back in its `next`.
fn sign_in_target(path: &str, back: &str, call: &Call) -> String {
    let query = call.request.query();
    let back = if query.is_empty() || call.request.method == "POST" {
        back.to_owned()
    } else {
        format!("{back}?{query}")
    };
    let escaped: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    format!("{path}?next={}", escaped.replace("%2F", "/"))
}

/// Whether a way back stays on this host: `//elsewhere` and `/\elsewhere` do not.
fn is_local(next: &str) -> bool {
    next.starts_with('/') && !next[1..].starts_with(['/', '\\']) && next.bytes().all(|byte| byte.is_ascii_graphic())
}

fn redirect(visit: &Visit, target: &str) -> Reply {
    dress(visit, Reply::empty(302)).with("Location", target)
}

fn html(visit: &Visit, text: String) -> Reply {
    let mut reply = Reply::empty(200);
    reply.body = Body::Html(text);
    dress(visit, reply).with("X-Frame-Options", "DENY").with(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    )
}

fn dress(visit: &Visit, reply: Reply) -> Reply {
    let reply = reply.with("Cache-Control", "no-store");
    match &visit.cookie {
        Some(cookie) => reply.with("Set-Cookie", cookie),
        None => reply,
    }
}
