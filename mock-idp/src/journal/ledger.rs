//! Every client's account: what it was told, and what it did with that.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use serde_json::Value;

use super::pace::{Code, Last};
use super::verdict::{
    ELSEWHERE, ENCODING, Finding, Grade, MANGLED, MANY_STARTS, MISSING, REPEATED, Rule, USED_REFRESH_TOKEN, Verdict,
};
use super::{NAME, is_lost, shortened};
use crate::form::Form;
use crate::http::{Request, Response};
use crate::idp::Exchange;
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};
use crate::time::Instant;

/// So many findings of one client are kept.
const FINDINGS: usize = 100;
/// So many device codes and used refresh tokens are remembered; the oldest make room.
const REMEMBERED: usize = 10_000;
/// So many clients are judged; those that come after are not.
const CLIENTS: usize = 1000;
/// So much of a finding's words is kept, in bytes: they may quote the request.
const TEXT: usize = 512;
/// A device code that nobody knows is compared with so many of the newest.
const COMPARED: usize = 100;
/// More starts than this within an hour look like a loop (A-30: authentik refuses the 21st).
const STARTS_AN_HOUR: usize = 20;
/// What a client goes by when the answer has no interval (S-15).
const USUAL_INTERVAL: u64 = 5;

/// The accounts of all clients.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    accounts: BTreeMap<String, Account>,
    codes: HashMap<String, Code>,
    codes_by_age: VecDeque<String>,
    used_refresh_tokens: HashSet<String>,
}

#[derive(Debug, Default)]
struct Account {
    starts: u64,
    polls: u64,
    refreshes: u64,
    started_at: VecDeque<Instant>,
    /// When each endpoint last answered it.
    answered_at: HashMap<&'static str, Instant>,
    findings: Vec<Finding>,
    grade: Option<Grade>,
}

/// One request on its way into the account of its client.
struct Case<'a> {
    arrived_at: Instant,
    answered_at: Instant,
    request: &'a Request,
    response: &'a Response,
    form: Form,
    faults: Vec<(Rule, String)>,
}

impl Case<'_> {
    fn find(&mut self, rule: Rule, text: impl Into<String>) {
        self.faults.push((rule, text.into()));
    }
}

impl Ledger {
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
        let mut case = Case {
            arrived_at,
            answered_at,
            request,
            response: &exchange.response,
            form: Form::parse(&request.body),
            faults: Vec::new(),
        };
        let judged = ["device_authorization", "token"].contains(&endpoint) && request.method != "OPTIONS";
        if judged {
            encoding(&mut case);
        }
        let code = case.form.value("device_code").filter(|_| judged);
        let owner = code
            .and_then(|code| self.codes.get(code))
            .map(|code| code.client_id.clone());
        let client_id = exchange.about.client_id.clone().or(owner).unwrap_or_default();
        let client_id = shortened(&client_id, NAME);
        if self.accounts.len() >= CLIENTS && !self.accounts.contains_key(&client_id) {
            return None;
        }
        let account = self.accounts.entry(client_id.clone()).or_default();
        let previous = account.answered_at.insert(endpoint, answered_at);
        let mut gap = previous.map(|previous| arrived_at.since(previous));
        if judged {
            let grant_type = case.form.value("grant_type").map(str::to_owned);
            match (endpoint, grant_type.as_deref()) {
                ("device_authorization", _) => self.start(&mut case, &client_id),
                (_, Some(REFRESH_TOKEN)) => self.refresh(&mut case, &client_id),
                (_, grant_type) => gap = self.poll(&mut case, grant_type, &client_id),
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
                    text: shortened(&text, TEXT),
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
        while account.started_at.front().is_some_and(old) {
            account.started_at.pop_front();
        }
        account.started_at.push_back(case.arrived_at);
        let starts = account.started_at.len();
        if starts > STARTS_AN_HOUR {
            case.find(
                MANY_STARTS,
                format!("{starts} starts within an hour: wait for the person before a new one"),
            );
        }
        if case.request.method == "POST" && client_id.is_empty() {
            case.find(MISSING, "the device authorization request names no client");
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
        let number = |name: &str| whole_seconds(&body[name]);
        let code = Code::new(
            client_id.to_owned(),
            host(case.request),
            case.answered_at,
            number("interval")
                .filter(|&interval| interval > 0)
                .unwrap_or(USUAL_INTERVAL),
            number("expires_in").unwrap_or(u64::MAX / 1000),
        );
        self.codes.insert(device_code.to_owned(), code);
        self.codes_by_age.push_back(device_code.to_owned());
    }

    fn poll(&mut self, case: &mut Case, grant_type: Option<&str>, client_id: &str) -> Option<Duration> {
        self.accounts.entry(client_id.to_owned()).or_default().polls += 1;
        let Some(sent) = case.form.value("device_code").map(str::to_owned) else {
            let missing = if grant_type == Some(DEVICE_CODE) {
                "device_code"
            } else {
                "grant_type"
            };
            case.find(MISSING, format!("the token request has no {missing}"));
            return None;
        };
        if grant_type.is_none() {
            case.find(MISSING, "the token request has no grant_type");
        }
        if client_id.is_empty() || !case.form.has("client_id") && case.request.header("authorization").is_none() {
            case.find(MISSING, "the token request names no client");
        }
        let Some(code) = self.codes.get_mut(&sent) else {
            let mut newest = self.codes_by_age.iter().rev().take(COMPARED);
            // Every comparison reads a form, and a server that takes the code has not found it damaged.
            if matches!(last(case.response), Last::Over(Some(_))) && newest.any(|known| is_mangled(known, &sent)) {
                case.find(MANGLED, "the device code arrived damaged: encode it as a form value");
            }
            return None;
        };
        let asked = host(case.request);
        if asked != code.host {
            let text = format!("the device code was sent to {asked}; it is from {}", code.host);
            case.find(ELSEWHERE, text);
        }
        let gap = code.gap(case.arrived_at);
        if let Some((rule, text)) = code.judge(case.arrived_at) {
            case.find(rule, text);
        }
        code.hear(case.answered_at, last(case.response));
        gap
    }

    fn refresh(&mut self, case: &mut Case, client_id: &str) {
        self.accounts.entry(client_id.to_owned()).or_default().refreshes += 1;
        let Some(sent) = case.form.value(REFRESH_TOKEN).map(str::to_owned) else {
            case.find(MISSING, "the refresh names no refresh_token");
            return;
        };
        if self.used_refresh_tokens.contains(&sent) {
            case.find(
                USED_REFRESH_TOKEN,
                "a refresh token was used again after its successor had been handed out",
            );
        }
        let body = case.response.json();
        let replaced = body["refresh_token"].as_str().is_some_and(|token| token != sent);
        if replaced && !is_lost(case.response) {
            if self.used_refresh_tokens.len() >= REMEMBERED {
                self.used_refresh_tokens.clear();
            }
            self.used_refresh_tokens.insert(sent);
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
        accounts.filter(|(_, account)| asked(account)).map(verdict).collect()
    }
}

/// How the request is written (S-01, S-06).
fn encoding(case: &mut Case) {
    let request = case.request;
    if request.method != "POST" {
        case.find(ENCODING, format!("{} where POST is meant", request.method));
        return;
    }
    let media_type = request.header("content-type").unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        case.find(
            ENCODING,
            format!("the body is {media_type:?}, not application/x-www-form-urlencoded"),
        );
    }
    let query = Form::parse(request.query().as_bytes());
    let misplaced = [
        "client_id",
        "client_secret",
        "device_code",
        "refresh_token",
        "grant_type",
    ];
    if let Some(name) = misplaced.into_iter().find(|name| query.has(name)) {
        case.find(
            ENCODING,
            format!("{name} stands in the query, where logs keep it; it belongs in the body"),
        );
    }
    if case.form.has_duplicates() {
        case.find(REPEATED, "a parameter comes more than once");
    }
}

/// What a poll's answer means to its client.
fn last(response: &Response) -> Last {
    let body = response.json();
    if is_lost(response) {
        return Last::Lost;
    }
    match body["error"].as_str() {
        Some("authorization_pending") => Last::Pending,
        Some("slow_down") => Last::SlowDown(whole_seconds(&body["interval"]).map(Duration::from_secs)),
        // A front that speaks JSON is still a front.
        _ if response.status >= 500 || response.status == 408 => Last::Lost,
        Some(error) => Last::Over(Some(error.to_owned())),
        None => match body["errorCode"].as_str() {
            Some(code) if response.status != 429 => Last::Over(Some(code.to_owned())),
            _ if body["access_token"].is_string() => Last::Over(None),
            _ => Last::Lost,
        },
    }
}

fn whole_seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn host(request: &Request) -> String {
    request.header("host").unwrap_or_default().to_owned()
}

/// Whether `sent` is what becomes of `known` when it is put into a form unencoded.
fn is_mangled(known: &str, sent: &str) -> bool {
    let pair = format!("device_code={known}");
    let form = Form::parse(pair.as_bytes());
    form.value("device_code")
        .is_some_and(|damaged| damaged != known && damaged == sent)
}
