//! Every client's account: what it was told, and what it did with that.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use super::answer::{Last, whole_seconds};
use super::case::Case;
use super::pace::Code;
use super::sessions::Sessions;
use super::verdict::{ELSEWHERE, Finding, Grade, MANGLED, MANY_STARTS, Verdict};
use super::{NAME, is_lost, shortened};
use crate::form::Form;
use crate::http::Request;
use crate::idp::Exchange;
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};
use crate::time::Instant;

/// So many findings of one client are kept.
const FINDINGS: usize = 100;
/// So many device codes, so many refresh tokens, and so many of a client's starts are remembered; the oldest make room.
pub(super) const REMEMBERED: usize = 10_000;
/// So many clients are judged; those that come after are not.
const CLIENTS: usize = 1000;
/// So much of a finding's words is kept, in bytes: they may quote the request.
const TEXT: usize = 512;
/// A device code that nobody knows is compared with so many of the newest.
const COMPARED: usize = 100;
/// More starts than this within an hour look like a loop (A-30: authentik refuses the 21st).
const STARTS_AN_HOUR: usize = 20;

/// The accounts of all clients.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    accounts: BTreeMap<String, Account>,
    codes: HashMap<String, Code>,
    codes_by_age: VecDeque<String>,
    sessions: Sessions,
    /// How far the mock's clock was set back since the start. Clients do not notice: their time goes on.
    set_back: Duration,
}

#[derive(Debug, Default)]
struct Account {
    starts: u64,
    polls: u64,
    refreshes: u64,
    /// Its starts of the last hour, without those that ended in tokens.
    started_at: VecDeque<Instant>,
    /// When each endpoint last answered it.
    answered_at: HashMap<&'static str, Instant>,
    findings: Vec<Finding>,
    grade: Option<Grade>,
}

impl Ledger {
    /// The mock's clock was set back so far.
    pub(super) fn set_back(&mut self, span: Duration) {
        self.set_back = self.set_back.saturating_add(span);
    }

    /// Judges one exchange. The answer is how long after the previous one of its kind the request arrived.
    pub(super) fn judge(
        &mut self,
        entry: u64,
        arrived_at: Instant,
        answered_at: Instant,
        request: &Request,
        exchange: &Exchange,
    ) -> Option<Duration> {
        let endpoint = exchange.about.endpoint?;
        let lived = |at: Instant| at + self.set_back;
        let mut case = Case::new(lived(arrived_at), lived(answered_at), request, &exchange.response);
        let judged = ["device_authorization", "token"].contains(&endpoint) && request.method != "OPTIONS";
        if judged {
            case.read();
        }
        let code = case.value("device_code").filter(|_| judged);
        let owner = code.and_then(|code| self.codes.get(code)).map(|code| &*code.client_id);
        let named = exchange.about.client_id.as_deref();
        let named = named.or(case.value("client_id").filter(|_| judged));
        let client_id = shortened(named.or(owner).unwrap_or_default(), NAME);
        if self.accounts.len() >= CLIENTS && !self.accounts.contains_key(&client_id) {
            return None;
        }
        let account = self.accounts.entry(client_id.clone()).or_default();
        let previous = account.answered_at.insert(endpoint, case.answered_at);
        let mut gap = previous.map(|previous| case.arrived_at.since(previous));
        if judged {
            let has = |name: &str| case.value(name).is_some();
            match (endpoint, case.value("grant_type")) {
                ("device_authorization", _) => self.start(&mut case, &client_id),
                (_, Some(REFRESH_TOKEN)) => self.refresh(&mut case, &client_id),
                (_, Some(DEVICE_CODE)) => gap = self.poll(&mut case, &client_id),
                // With a device code it can only have been meant as a poll; without one it is of another grant.
                (_, Some(_)) if has("device_code") => {
                    case.miss("the token request has a device_code, but not the grant_type that goes with it");
                    gap = self.poll(&mut case, &client_id);
                }
                (_, Some(_)) => {}
                (_, None) => {
                    let (is_poll, is_refresh) = (has("device_code"), has(REFRESH_TOKEN));
                    case.miss("the token request has no grant_type");
                    if is_poll {
                        gap = self.poll(&mut case, &client_id);
                    } else if is_refresh {
                        self.refresh(&mut case, &client_id);
                    }
                }
            }
        }
        let account = self.accounts.entry(client_id).or_default();
        for (rule, text) in case.faults {
            account.grade = account.grade.max(Some(rule.level.grade()));
            if account.findings.len() < FINDINGS {
                account.findings.push(Finding {
                    rule: rule.id,
                    source: rule.source,
                    level: rule.level,
                    text: shortened(text, TEXT),
                    entry,
                    at: arrived_at,
                });
            }
        }
        gap
    }

    fn start(&mut self, case: &mut Case, client_id: &str) {
        let account = self.accounts.entry(client_id.to_owned()).or_default();
        account.starts += 1;
        let hour = Duration::from_secs(3600);
        let old = |at: &Instant| case.arrived_at.since(*at) >= hour;
        while account.started_at.front().is_some_and(old) || account.started_at.len() >= REMEMBERED {
            account.started_at.pop_front();
        }
        account.started_at.push_back(case.answered_at);
        let starts = account.started_at.len();
        if starts > STARTS_AN_HOUR {
            case.find(
                MANY_STARTS,
                format!("{starts} starts within an hour that nobody approved: wait for the person before a new one"),
            );
        }
        if client_id.is_empty() {
            case.miss("the device authorization request names no client");
        }
        let body = case.response.json();
        let Some(device_code) = body["device_code"].as_str().filter(|_| !is_lost(case.response)) else {
            return;
        };
        if self.codes_by_age.len() >= REMEMBERED
            && let Some(oldest) = self.codes_by_age.pop_front()
        {
            self.codes.remove(&oldest);
        }
        let code = Code::new(
            client_id.to_owned(),
            shortened(case.host(), NAME),
            case.value("scope").map(str::to_owned),
            case.answered_at,
            whole_seconds(&body["interval"]),
            whole_seconds(&body["expires_in"]),
        );
        self.codes.insert(device_code.to_owned(), code);
        self.codes_by_age.push_back(device_code.to_owned());
    }

    fn poll(&mut self, case: &mut Case, client_id: &str) -> Option<Duration> {
        let account = self.accounts.entry(client_id.to_owned()).or_default();
        account.polls += 1;
        let Some(sent) = case.value("device_code").map(str::to_owned) else {
            case.miss("the token request has no device_code");
            return None;
        };
        if client_id.is_empty() || !case.fields.has("client_id") && case.request.header("authorization").is_none() {
            case.miss("the token request names no client");
        }
        let body = case.response.json();
        let answer = Last::of(case.response, &body, case.answered_at);
        let Some(code) = self.codes.get_mut(&sent) else {
            let mut newest = self.codes_by_age.iter().rev().take(COMPARED);
            // Every comparison reads a form, and a server that takes the code has not found it damaged.
            if matches!(answer, Last::Over(Some(_))) && newest.any(|known| is_mangled(known, &sent)) {
                case.find(MANGLED, "the device code arrived damaged: encode it as a form value");
            }
            return None;
        };
        let asked = shortened(case.host(), NAME);
        if asked != code.host {
            let text = format!("the device code was sent to {asked}; it is from {}", code.host);
            case.find(ELSEWHERE, text);
        }
        let gap = code.gap(case.arrived_at);
        let shows_proof = case.request.header("dpop").is_some();
        if let Some((rule, text)) = code.judge(case.arrived_at, shows_proof) {
            case.find(rule, text);
        }
        if body["access_token"].is_string() {
            account.started_at.retain(|at| *at != code.issued_at);
        }
        if answer == Last::Over(None)
            && let Some(token) = body["refresh_token"].as_str()
        {
            let granted = body["scope"].as_str().map(str::to_owned);
            self.sessions.begin(token, granted.or_else(|| code.scope.clone()));
        }
        code.hear(case.arrived_at, case.answered_at, answer);
        gap
    }

    fn refresh(&mut self, case: &mut Case, client_id: &str) {
        self.accounts.entry(client_id.to_owned()).or_default().refreshes += 1;
        let Some(sent) = case.value(REFRESH_TOKEN).map(str::to_owned) else {
            case.miss("the refresh names no refresh_token");
            return;
        };
        self.sessions.judge(case, &sent);
        let body = case.response.json();
        let successor = body["refresh_token"].as_str().filter(|token| *token != sent);
        if let Some(successor) = successor.filter(|_| !is_lost(case.response)) {
            self.sessions.replace(&sent, successor, case.answered_at);
        }
    }

    pub(super) fn verdicts(&self) -> Vec<Verdict> {
        let accounts = self.accounts.iter();
        let verdict = |(client_id, account): (&String, &Account)| Verdict {
            client_id: client_id.clone(),
            grade: account.grade.unwrap_or(Grade::Pass),
            starts: account.starts,
            polls: account.polls,
            refreshes: account.refreshes,
            findings: account.findings.clone(),
        };
        let asked = |account: &Account| account.starts + account.polls + account.refreshes > 0;
        let judged = |account: &Account| asked(account) || account.grade.is_some();
        accounts.filter(|(_, account)| judged(account)).map(verdict).collect()
    }
}

/// Whether `sent` is what becomes of `known` when it is put into a form unencoded.
fn is_mangled(known: &str, sent: &str) -> bool {
    let pair = format!("device_code={known}");
    let form = Form::parse(pair.as_bytes());
    form.value("device_code")
        .is_some_and(|damaged| damaged != known && damaged == sent)
}
