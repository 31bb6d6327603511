//! A million televisions: what one costs, and what a server sees of all of them before and after an outage.

mod crowd;
mod curve;
mod device;
mod docs;

use std::ops::Range;
use std::path::Path;
use std::process;

use device_flow::{Answer, Ask, Flow, HttpResponse, Input, Instant};

use crate::progress::say;
use crate::stopwatch::Stopwatch;
use crate::usage::Memory;
use crate::write;
use crowd::{Crowd, Story};
use device::Software;

/// When every evening begins, in seconds since 1970.
const EPOCH: u64 = 1_800_000_000;

const MINUTE: u64 = 60_000;

/// An evening.
struct Plan {
    seed: u64,
    devices: u32,
    /// So many milliseconds, within which everybody presses the button.
    evening: u64,
    outage: Outage,
    percent_who_walk_away: u64,
}

/// When the server is away, in milliseconds of the evening.
struct Outage {
    span: Range<u64>,
    manner: Away,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Away {
    /// Nobody accepts the connection.
    Unreachable,
    /// Somebody in front says 503 and when it is over, as a date (RFC 9110 section 10.2.3).
    Tells,
}

/// What was found.
struct Growth {
    date: String,
    seconds: f64,
    /// Bytes of a device that waits for its person, in the core.
    bytes_per_device: f64,
    evenings: Vec<Evening>,
}

struct Evening {
    software: Software,
    manner: Away,
    outage: Range<u64>,
    story: Story,
}

/// Tells the evenings and writes what came of them.
pub(crate) fn measure(quick: bool, root: &Path) -> Result<String, String> {
    let many = if quick { 20_000 } else { 1_000_000 };
    // What is only told for its shape needs fewer.
    let some = many / 10;
    let bytes_per_device = memory(many / 10)?;
    let stopwatch = Stopwatch::start();
    let mut evenings = Vec::new();
    for (software, manner, devices) in [
        (Software::Ours, Away::Unreachable, many),
        (Software::Steady, Away::Unreachable, some),
        (Software::GivesUp, Away::Unreachable, some),
        (Software::Ours, Away::Tells, some),
    ] {
        let outage = 120 * MINUTE..125 * MINUTE;
        let plan = Plan {
            seed: 8628,
            devices,
            evening: 240 * MINUTE,
            outage: Outage {
                span: outage.clone(),
                manner,
            },
            percent_who_walk_away: 3,
        };
        say(&format!("{}: {devices} devices", docs::name(software, manner)));
        let story = Crowd::new(&plan, software).run(|minute| say(&format!("minute {minute} of the evening")));
        evenings.push(Evening {
            software,
            manner,
            outage,
            story,
        });
    }
    let growth = Growth {
        date: crate::stopwatch::today(),
        seconds: stopwatch.elapsed().as_secs_f64(),
        bytes_per_device,
        evenings,
    };
    let folder = root.join(if quick {
        "target/bench/growth"
    } else {
        "device-flow/growth"
    });
    write(&folder.join("README.md"), &docs::page(&growth))?;
    write(&folder.join("evening.svg"), &docs::evening(&growth))?;
    write(&folder.join("outage.svg"), &docs::outage(&growth))?;
    Ok(docs::table(&growth))
}

/// Resident memory of so many devices that wait for their people.
fn memory(devices: u32) -> Result<f64, String> {
    let answer = |body: &str| HttpResponse {
        status: 200,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
    };
    let before = Memory::of(process::id())?.resident;
    let mut flows = Vec::with_capacity(devices as usize);
    for number in 0..devices {
        let mut flow = Box::new(Flow::new(device::config()));
        let mut step = flow.step(Instant::default(), Input::Start);
        while let Some((id, Ask::Http(request))) = step.ask {
            let body = if request.url.ends_with("openid-configuration") {
                METADATA.to_owned()
            } else {
                format!(
                    "{{\"device_code\":\"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszI-{number:06}\",\"user_code\":\"RG{number:06}\",\
                     \"verification_uri\":\"https://id.example/device\",\
                     \"verification_uri_complete\":\"https://id.example/device?user_code=RG{number:06}\",\
                     \"expires_in\":1800,\"interval\":5}}"
                )
            };
            step = flow.step(Instant::default(), Input::Answer(id, Answer::Http(Ok(answer(&body)))));
        }
        if step.wake_at.is_none() {
            return Err("a device does not wait for its person".to_owned());
        }
        flows.push(flow);
    }
    let after = Memory::of(process::id())?.resident;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
    Ok(after.saturating_sub(before) as f64 / f64::from(devices))
}

/// What a device needs of it (RFC 8414 section 2, RFC 8628 section 4).
const METADATA: &str = r#"{"issuer":"https://id.example","token_endpoint":"https://id.example/token",
"device_authorization_endpoint":"https://id.example/device_authorization","jwks_uri":"https://id.example/jwks.json",
"revocation_endpoint":"https://id.example/revoke","end_session_endpoint":"https://id.example/end_session",
"grant_types_supported":["urn:ietf:params:oauth:grant-type:device_code","refresh_token"]}"#;
