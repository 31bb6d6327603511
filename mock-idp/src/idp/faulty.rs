//! One request with its faults: what they change before the server decides, and what becomes of its answer.

use std::time::Duration;

use serde_json::Value;

use super::{About, Call, Idp};
use crate::delivery::Pace;
use crate::fault::{Forced, Matter, Plan, Scene, Step, Then};
use crate::grant::device::Decision;
use crate::http::Response;
use crate::personality::Endpoint;
use crate::setup::DEVICE_CODE;

impl Idp {
    /// The steps of all faults that fit this request.
    pub(super) fn plan(&mut self, call: &Call, about: &About) -> Plan {
        if self.setup.faults.is_quiet() {
            return Plan::default();
        }
        let at_token = call.endpoint == Some(Endpoint::Token);
        let state = call
            .fields
            .value("device_code")
            .filter(|_| at_token)
            .and_then(|code| self.store.by_device_code(code))
            .map(|grant| grant.state(call.now));
        self.setup.faults.plan(&Matter {
            about,
            request: call.request,
            grant_type: call.fields.value("grant_type").filter(|_| at_token),
            state,
            is_typed_code: call.is_typed_code(),
        })
    }

    /// The answer to a request that some fault's steps fit.
    pub(super) fn answer_faulty(&mut self, call: &Call, plan: &Plan, about: &mut About, request_id: &str) -> Response {
        let faults = self.setup.faults.clone();
        let scene = Scene {
            now: call.told,
            request: call.request,
            base: &call.base,
        };
        let early = faults.before(plan, about);
        let mut facts = *call.personality;
        early
            .iter()
            .filter_map(|step| step.facts.as_ref())
            .for_each(|changes| changes.alter(&mut facts));
        let call = &Call {
            personality: &facts,
            ..call.clone()
        };
        let instead = early.iter().find(|step| step.refuse.is_some() || step.answer.is_some());
        let mut response = match instead {
            Some(Step {
                answer: Some(answer), ..
            }) => answer.response(&scene),
            Some(Step {
                refuse: Some(forced), ..
            }) => self.refuse_by_force(call, *forced, request_id),
            _ => self.answer_soundly(call, request_id),
        };
        let is_seen = instead.is_none_or(|step| step.answer.is_none());
        let grant = self.grant_of(call, &response);
        let outcome = outcome(&response);
        let late = faults.after(plan, outcome.as_deref(), about);
        for step in early.iter().chain(&late) {
            if step.when.is_some()
                && let Some(answer) = &step.answer
            {
                response = answer.response(&scene);
            }
            if let Some(change) = &step.change {
                change.apply(&mut response, facts.json, &scene);
            }
            deliver(step, &mut response);
            if let (Some(then), Some(user_code)) = (step.then, &grant) {
                self.settle_by_force(call, then, user_code);
            }
        }
        if is_seen {
            self.keep_under_way(call, response.delivery.delay);
        }
        response
    }

    fn refuse_by_force(&mut self, call: &Call, forced: Forced, request_id: &str) -> Response {
        let client = call.fields.value("client_id").and_then(|id| self.setup.client(id));
        let grant_types = client.map(|client| client.grant_types.clone()).unwrap_or_default();
        let refusal = forced.refusal(call.endpoint, grant_types);
        if let Some(grant) = call
            .fields
            .value("device_code")
            .and_then(|code| self.store.by_device_code(code))
        {
            grant.refused(call.now, &refusal);
        }
        self.spell(call, Err(refusal), request_id)
    }

    /// The user code of the grant that a request is about: one that was polled for, or one just made.
    fn grant_of(&mut self, call: &Call, response: &Response) -> Option<String> {
        match call.endpoint? {
            Endpoint::Token => {
                let code = call
                    .fields
                    .value("device_code")
                    .filter(|_| call.fields.value("grant_type") == Some(DEVICE_CODE))?;
                Some(self.store.by_device_code(code)?.user_code.to_string())
            }
            Endpoint::DeviceAuthorization => Some(response.json()["user_code"].as_str()?.to_owned()),
            _ => None,
        }
    }

    fn settle_by_force(&mut self, call: &Call, then: Then, user_code: &str) {
        let decision = match then {
            Then::Approve => {
                let username = self.setup.users.first().map(|user| user.username.clone());
                username.map(|username| self.yes_of(call.personality, call.now, user_code, &username))
            }
            Then::Deny => Some(Decision::Denied { at: call.now }),
            Then::Expire => None,
        };
        // Whoever decided before the script did stays right.
        let _ = match decision {
            Some(decision) => self.settle_by(call.personality, call.now, user_code, decision),
            None => self.expire(call.now, user_code),
        };
    }
}

/// The error code of an answer; `None` for success.
fn outcome(response: &Response) -> Option<String> {
    let body = response.json();
    match body.get("error").or_else(|| body.get("errorCode")) {
        Some(Value::String(code)) => Some(code.clone()),
        _ if response.status < 400 => None,
        _ => Some(response.status.to_string()),
    }
}

fn deliver(step: &Step, response: &mut Response) {
    let span = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
    if let Some(seconds) = step.delay {
        response.delivery.delay += span(seconds);
    }
    if let Some(ending) = step.ending {
        response.delivery.ending = ending;
    }
    if let Some(trickle) = step.trickle {
        response.delivery.pace = Some(Pace {
            bytes: trickle.bytes,
            every: span(trickle.every),
        });
    }
}
