//! The words in which a vector is told.

use mock_idp::AuthentikVersion;

pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Names and values. A value such as `{device_code}` stands for what an earlier answer said.
pub(crate) type Pairs = &'static [(&'static str, &'static str)];

/// One product and its vectors.
pub(crate) struct Column {
    /// The name under which the mock lists the issuer.
    pub(crate) issuer: &'static str,
    pub(crate) version: AuthentikVersion,
    /// As whom the mock is called.
    pub(crate) host: &'static str,
    pub(crate) device: &'static str,
    pub(crate) token: &'static str,
    pub(crate) revoke: &'static str,
    /// Headers of every answer; `*` for any value.
    pub(crate) always: Pairs,
    /// Headers of no answer.
    pub(crate) never: &'static [&'static str],
    pub(crate) vectors: &'static [&'static [Vector]],
    /// Numbers without a vector here, and why.
    pub(crate) not_applicable: &'static [(u8, &'static str)],
}

impl Column {
    pub(crate) fn vectors(&self) -> impl Iterator<Item = &Vector> {
        self.vectors.iter().copied().flatten()
    }
}

/// One line of the table.
pub(crate) struct Vector {
    pub(crate) number: u8,
    /// Where the expectation comes from, and which assumption it rests on (U-01 and so on).
    pub(crate) facts: &'static str,
    pub(crate) before: &'static [Step],
    pub(crate) request: Request,
    pub(crate) answer: Answer,
    /// Whether the access policy's rule ticks the device grant.
    pub(crate) policy_ticks: bool,
}

/// Number, facts, what happened before, the request, the answer.
pub(crate) const fn vector(
    number: u8,
    facts: &'static str,
    before: &'static [Step],
    request: Request,
    answer: Answer,
) -> Vector {
    Vector {
        number,
        facts,
        before,
        request,
        answer,
        policy_ticks: true,
    }
}

impl Vector {
    pub(crate) const fn without_the_policy_s_tick(self) -> Self {
        Self {
            policy_ticks: false,
            ..self
        }
    }
}

pub(crate) enum Step {
    Send(Request),
    /// The user `jane` approves the latest code.
    Approve,
    Deny,
    /// Seconds pass.
    Wait(u64),
    Repeat(usize, &'static Step),
}

pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) at: At,
    pub(crate) headers: Pairs,
    pub(crate) body: Body,
}

pub(crate) enum At {
    Device,
    Token,
    Revoke,
    Path(&'static str),
}

pub(crate) enum Body {
    None,
    Form(Pairs),
    Json(&'static str),
}

pub(crate) const fn post(at: At, fields: Pairs) -> Request {
    request("POST", at, &[], Body::Form(fields))
}

pub(crate) const fn request(method: &'static str, at: At, headers: Pairs, body: Body) -> Request {
    Request {
        method,
        at,
        headers,
        body,
    }
}

/// What a page of an origin nobody registered sends first.
pub(crate) const fn foreign_preflight(at: At) -> Request {
    let headers = &[
        ("Origin", FOREIGN),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "x-asked"),
    ];
    request("OPTIONS", at, headers, Body::None)
}

pub(crate) const FOREIGN: &str = "https://elsewhere.example";

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Expected,
    /// `*` for any value.
    pub(crate) headers: Pairs,
    pub(crate) absent: &'static [&'static str],
}

#[derive(Clone, Copy)]
pub(crate) enum Expected {
    /// The bytes of a file in `tests/data`, but for what varies.
    File(&'static str),
    /// An object's members in order; digits are a number, `*` is any value.
    Members(Pairs),
    Text(&'static str),
    Html,
}

pub(crate) const fn file(status: u16, name: &'static str) -> Answer {
    answer(status, Expected::File(name))
}

pub(crate) const fn empty(status: u16) -> Answer {
    answer(status, Expected::Text(""))
}

pub(crate) const fn answer(status: u16, body: Expected) -> Answer {
    Answer {
        status,
        body,
        headers: &[],
        absent: &[],
    }
}

impl Answer {
    pub(crate) const fn with(self, headers: Pairs) -> Self {
        Self { headers, ..self }
    }

    pub(crate) const fn without(self, absent: &'static [&'static str]) -> Self {
        Self { absent, ..self }
    }
}

/// A sound start of client `tv`.
pub(crate) const START: Request = post(
    At::Device,
    &[("client_id", "tv"), ("scope", "openid profile email offline_access")],
);

/// A sound poll of client `tv`.
pub(crate) const POLL: Request = post(
    At::Token,
    &[
        ("client_id", "tv"),
        ("grant_type", DEVICE_CODE),
        ("device_code", "{device_code}"),
    ],
);

/// A refresh of client `tv` for `openid` alone.
pub(crate) const NARROW: Request = post(
    At::Token,
    &[
        ("client_id", "tv"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "{refresh_token}"),
        ("scope", "openid"),
    ],
);
