//! What one seed does to a sign-in.

use std::ops::Range;
use std::time::Duration;

use device_flow::{HttpResponse, Seed, TransportError};
use mock_idp::{Scenario, catalogue};
use tests::{Chance, Fault, Issuer, Network, Press, Viewer, World};

/// Scenarios that a sign-in in simulated time cannot meet: they are about the person's page, about preflights and packaged
/// applications, or about what comes after.
const NOT_MET: [&str; 7] = ["X-47", "X-48", "X-50", "X-52", "X-53", "X-63", "X-64"];

/// A living room, as the seed has furnished it.
#[derive(Debug)]
pub(super) struct Plan {
    issuer: Issuer,
    is_page: bool,
    renewals: u8,
    viewer: Viewer,
    latency: Duration,
    has_pkce: bool,
    scenario: Option<(&'static str, &'static str)>,
    misfortunes: Vec<Misfortune>,
}

/// Something that happens beside what the server does.
#[derive(Clone, Debug)]
enum Misfortune {
    ClockSet(Duration, i64),
    Outage(Range<Duration>, TransportError),
    Polls(Range<usize>, Fault),
    Pressed(Duration, Press),
    Requests(Range<usize>, Fault),
    Standby(Range<Duration>),
}

/// What happens to connections.
const ERRORS: [TransportError; 6] = [
    TransportError::Interrupted,
    TransportError::NameNotFound,
    TransportError::Offline,
    TransportError::TimedOut,
    TransportError::Tls,
    TransportError::Unreachable,
];

/// What stands between a set and its server, or in front of it, says such things in its place.
const ANSWERS: [(u16, &str, &str); 13] = [
    (200, "text/html", "<html>Welcome to our Wi-Fi"),
    (200, "application/json", "[]"),
    (200, "application/json", r#"{"login":"https://wifi.example"}"#),
    (200, "application/json", r#"{"error":["slow_down"]}"#),
    (302, "text/html", "<html>Moved"),
    (400, "application/json", r#"{"error":"slow_down","interval":"#),
    (400, "application/json", r#"{"error":"slow_down","interval":12}"#),
    (403, "text/html", "<html>Forbidden"),
    (408, "text/plain", ""),
    (429, "application/json", r#"{"error":"slow_down"}"#),
    (429, "text/html", "<html>Too Many Requests"),
    (500, "application/json", r#"{"error":"server_error"}"#),
    (503, "application/json", r#"{"error":"authentik starting"}"#),
];

/// What an attacker, or a broken server, would like the set to believe.
const LIES: [&str; 6] = [
    r#"{"access_token":"forged-token","token_type":"Bearer"}"#,
    r#"{"access_token":"forged-token","token_type":"Bearer","id_token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJldmUifQ."}"#,
    r#"{"issuer":"https://evil.example","device_authorization_endpoint":"https://evil.example/d","token_endpoint":"https://evil.example/t","jwks_uri":"https://evil.example/k"}"#,
    r#"{"device_code":"forged-code","user_code":"EVIL","verification_uri":"javascript:alert(1)","expires_in":600}"#,
    r#"{"device_code":"forged-code","user_code":"EVIL","verification_uri":"https://id.example/device","expires_in":1e99,"interval":-1}"#,
    r#"{"keys":[{"kty":"RSA","kid":"seal","n":"AA","e":"AQAB"}]}"#,
];

impl Plan {
    pub(super) fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let issuer = chance.pick(&Issuer::ALL);
        // No page of another origin gets anywhere with authentik (A-92).
        let is_page = chance.percent(if issuer == Issuer::Authentik { 4 } else { 20 });
        let how_many = chance.pick(&[0, 1, 1, 2, 2, 2, 3, 4]);
        let misfortunes = (0..how_many).map(|_| Misfortune::of(&mut chance)).collect();
        Self {
            issuer,
            is_page,
            // Codes that live for a minute are the ones that run out.
            renewals: if chance.percent(if issuer == Issuer::Authentik { 50 } else { 6 }) {
                2
            } else {
                0
            },
            scenario: scenario(seed),
            misfortunes,
            viewer: viewer(&mut chance),
            latency: Duration::from_millis(if chance.percent(6) {
                chance.of(1000..12_000)
            } else {
                chance.of(1..400)
            }),
            has_pkce: chance.percent(10),
        }
    }

    /// Nobody has told it yet.
    pub(super) fn world(&self) -> World {
        let mut network = Network::default().latency(self.latency);
        let mut world = World::sealed(self.issuer).settings(|settings| {
            settings.renewals = self.renewals;
            settings.pkce = self.has_pkce;
            settings.seed = Some(Seed::from_random([7; 32]));
        });
        for misfortune in self.misfortunes.iter().cloned() {
            match misfortune {
                Misfortune::ClockSet(at, by) => world = world.tv_clock_set(at, by),
                Misfortune::Outage(span, error) => network = network.during(span, Fault::RequestLost(error)),
                Misfortune::Polls(polls, fault) => network = network.with_polls(polls, &fault),
                Misfortune::Pressed(at, press) => world = world.press(at, press),
                Misfortune::Requests(requests, fault) => network = network.with_requests(requests, &fault),
                Misfortune::Standby(standby) => world = world.tv_sleeps(standby),
            }
        }
        if let Some((id, variant)) = self.scenario {
            world = world.scenario(id, variant);
        }
        if self.is_page {
            world = world.on_a_page();
        }
        world.viewer(self.viewer).network(network)
    }

    /// What is planned beside the faults of network and server, by names for counting.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let names = self.misfortunes.iter().filter_map(|misfortune| match misfortune {
            Misfortune::ClockSet(at, by) if *by < 0 => Some(("clock set backwards", *at)),
            Misfortune::ClockSet(at, _) => Some(("clock set forwards", *at)),
            Misfortune::Pressed(at, Press::Cancel) => Some(("cancel pressed", *at)),
            Misfortune::Pressed(at, Press::Start) => Some(("start pressed again", *at)),
            Misfortune::Standby(standby) => Some(("standby", standby.start)),
            Misfortune::Outage(..) | Misfortune::Polls(..) | Misfortune::Requests(..) => None,
        });
        names
            .chain(self.is_page.then_some(("page of another origin", Duration::ZERO)))
            .chain(self.has_pkce.then_some(("PKCE", Duration::ZERO)))
    }

    /// Whether somebody presses a key that ends the sign-in.
    pub(super) fn is_cancelled(&self) -> bool {
        self.names().any(|(name, _)| name == "cancel pressed")
    }

    /// When the set was last disturbed in its own room.
    pub(super) fn quiet_from(&self) -> Duration {
        let ends = self.misfortunes.iter().map(|misfortune| match misfortune {
            Misfortune::ClockSet(at, _) | Misfortune::Pressed(at, _) => *at,
            Misfortune::Standby(standby) => standby.end,
            Misfortune::Outage(..) | Misfortune::Polls(..) | Misfortune::Requests(..) => Duration::ZERO,
        });
        ends.max().unwrap_or_default()
    }

    /// Whether the set has lost the time and nobody may tell it: a page reads no `Date` of another origin (O-109).
    pub(super) fn has_lost_the_time(&self) -> bool {
        let is_set = |misfortune: &Misfortune| matches!(misfortune, Misfortune::ClockSet(..));
        self.is_page && self.misfortunes.iter().any(is_set)
    }

    /// One way over the network.
    pub(super) fn latency(&self) -> Duration {
        self.latency
    }
}

impl Misfortune {
    fn of(chance: &mut Chance) -> Self {
        let at = Duration::from_millis(chance.of(0..70_000));
        match chance.of(0..24) {
            0..9 => {
                let first = usize::try_from(chance.of(1..9)).expect("a small number");
                let count = usize::try_from(chance.pick(&[1, 1, 1, 2, 2, 3, 7])).expect("a small number");
                let fault = fault(chance);
                if chance.percent(40) {
                    Self::Requests(first..first + count, fault)
                } else {
                    Self::Polls(first..first + count, fault)
                }
            }
            9..12 => Self::Outage(at..at + seconds(chance, 1..100), chance.pick(&ERRORS)),
            12..16 => {
                let span = if chance.percent(80) { 1..60 } else { 60..4000 };
                Self::Standby(at..at + seconds(chance, span))
            }
            16..18 => Self::ClockSet(at, by(chance)),
            18..20 => Self::ClockSet(at, -by(chance)),
            20..22 => Self::Pressed(at, Press::Start),
            _ => Self::Pressed(at, Press::Cancel),
        }
    }
}

fn seconds(chance: &mut Chance, range: Range<u64>) -> Duration {
    Duration::from_secs(chance.of(range))
}

/// Half a minute, or half a day, or half a century.
fn by(chance: &mut Chance) -> i64 {
    let longest = chance.pick(&[60, 24 * 60 * 60, 100 * 365 * 24 * 60 * 60]);
    i64::try_from(chance.of(1..longest)).expect("a century is not too long")
}

fn viewer(chance: &mut Chance) -> Viewer {
    match chance.of(0..100) {
        0..1 => Viewer::Absent,
        1..5 => Viewer::DeniesAfter(seconds(chance, 1..60)),
        5..12 => Viewer::ApprovesAfter(seconds(chance, 50..700)),
        _ => Viewer::ApprovesAfter(Duration::from_millis(chance.of(500..45_000))),
    }
}

/// Seven worlds of ten have a scenario.
const TENTHS: u64 = 7;

/// Those that a sign-in can meet.
pub(super) fn met() -> Vec<&'static Scenario> {
    let met = catalogue().iter().filter(|scenario| !NOT_MET.contains(&&*scenario.id));
    met.collect()
}

/// In how many of so many worlds each of them is planned.
pub(super) fn quota(worlds: u64) -> u64 {
    worlds * TENTHS / 10 / met().len() as u64
}

/// One after the other, in one form after the other, so that each has its share of the worlds, however many there are.
fn scenario(seed: u64) -> Option<(&'static str, &'static str)> {
    let met = met();
    let (round, index) = (seed / met.len() as u64, seed % met.len() as u64);
    let scenario = met[usize::try_from(index).expect("an index")];
    let form = round % scenario.variants.len() as u64;
    let variant = &scenario.variants[usize::try_from(form).expect("an index")];
    // Who sends `Accept` never meets the other form.
    let name = if scenario.id == "X-22" {
        "always"
    } else {
        &*variant.name
    };
    (round % 10 < TENTHS).then_some((&*scenario.id, name))
}

fn fault(chance: &mut Chance) -> Fault {
    let answered = |status, media_type: &str, body: &str| HttpResponse {
        status,
        headers: vec![("content-type".into(), media_type.into())],
        body: body.into(),
    };
    match chance.of(0..21) {
        0..4 => Fault::RequestLost(chance.pick(&ERRORS)),
        4..7 => Fault::AnswerLost(chance.pick(&ERRORS)),
        7..9 => Fault::Repeated,
        9..18 => {
            let (status, media_type, body) = chance.pick(&ANSWERS);
            let mut response = answered(status, media_type, body);
            if chance.percent(30) {
                let seconds = chance.pick(&["0", "2", "40", "4000", "soon", "-1"]);
                response.headers.push(("Retry-After".into(), seconds.into()));
            }
            Fault::Answered(response)
        }
        18..20 => Fault::Forged(answered(200, "application/json", chance.pick(&LIES))),
        _ => Fault::Misjudged,
    }
}
