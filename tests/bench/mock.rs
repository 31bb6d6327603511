//! The mock against servers that its users would take instead.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::canned::Canned;
use crate::connection::Connection;
use crate::device::Device;
use crate::load::drive;
use crate::progress::say;
use crate::report::{Better, GeneratorCheck, Measurement};
use crate::server::{Kind, Server};
use crate::spread::Spread;
use crate::stopwatch::Stopwatch;
use crate::usage::Memory;

/// Everything that can be started; the first is ours.
pub(crate) const ALL: [Kind; 3] = [Kind::MockIdp, Kind::OidcProvider, Kind::OAuth2MockServer];

/// Those with a device grant.
const WITH_DEVICE_GRANT: [Kind; 2] = [Kind::MockIdp, Kind::OidcProvider];

const CONNECTIONS: [usize; 2] = [1, 64];

/// So many grants are pending when their memory is counted.
const GRANTS: usize = 100_000;

/// After its first answer, a server may tidy up for so long before its memory is read.
const SETTLE: Duration = Duration::from_secs(1);

/// How much is measured.
pub(crate) struct Effort {
    starts: usize,
    rounds: usize,
    /// How long one round of load should take.
    round: Duration,
    warm_up: Duration,
    grant_runs: usize,
}

impl Effort {
    pub(crate) const fn new(quick: bool) -> Self {
        if quick {
            Self {
                starts: 3,
                rounds: 3,
                round: Duration::from_millis(300),
                warm_up: Duration::from_millis(800),
                grant_runs: 1,
            }
        } else {
            Self {
                starts: 11,
                rounds: 7,
                round: Duration::from_secs(2),
                warm_up: Duration::from_secs(3),
                grant_runs: 3,
            }
        }
    }
}

pub(crate) fn versions() -> Result<BTreeMap<String, String>, String> {
    let version = |kind: Kind| Ok((kind.name().to_owned(), kind.version()?));
    ALL.into_iter().map(version).collect()
}

pub(crate) async fn measure(
    effort: &Effort,
    mock_idp: &Path,
) -> Result<(Vec<Measurement>, Vec<GeneratorCheck>), String> {
    let mut measurements = idle(effort, mock_idp).await?;
    let mut checks = Vec::new();
    let servers = WITH_DEVICE_GRANT.map(|kind| Server::start(kind, mock_idp));
    let servers = servers.into_iter().collect::<Result<Vec<_>, _>>()?;
    for connections in CONNECTIONS {
        let (polls, check) = polls(effort, &servers, connections).await?;
        measurements.push(polls);
        checks.push(check);
    }
    measurements.push(sign_ins(effort, &servers).await?);
    drop(servers);
    measurements.push(grants(effort, mock_idp).await?);
    Ok((measurements, checks))
}

/// From the start of the process to the answer, and the memory a moment later.
async fn idle(effort: &Effort, mock_idp: &Path) -> Result<Vec<Measurement>, String> {
    let mut ready = ALL.map(|kind| (kind.name(), Vec::new()));
    let mut resident = ready.clone();
    let mut proportional = ready.clone();
    for start in 1..=effort.starts {
        say(&format!("start and memory: {start} of {}", effort.starts));
        for (index, kind) in ALL.into_iter().enumerate() {
            let stopwatch = Stopwatch::start();
            let server = Server::start(kind, mock_idp)?;
            server.discover().await?;
            ready[index].1.push(stopwatch.elapsed().as_secs_f64() * 1e3);
            tokio::time::sleep(SETTLE).await;
            let memory = Memory::of(server.process())?;
            resident[index].1.push(megabytes(memory.resident));
            proportional[index].1.push(megabytes(memory.proportional));
        }
    }
    Ok(vec![
        Measurement::new("ready", "Start to first answered discovery", "ms", Better::Less, &ready)
            .under(20.0, "under 20 ms"),
        Measurement::new("resident", "Memory idle, resident", "MB", Better::Less, &resident).under(12.0, "under 12 MB"),
        Measurement::new(
            "proportional",
            "Memory idle, proportional",
            "MB",
            Better::Less,
            &proportional,
        ),
    ])
}

/// Pending polls: every round starts fresh grants, unmeasured, and then polls each of them once.
async fn polls(
    effort: &Effort,
    servers: &[Server],
    connections: usize,
) -> Result<(Measurement, GeneratorCheck), String> {
    let round = async |device: Device, count| {
        let codes = device.start_grants(count).await?;
        device.poll_each(&codes, connections).await
    };
    let canned = Canned::start()?;
    let ceiling_count = warm_up(effort, async |count| canned.poll(count, connections).await).await?;
    let mut ceiling = Vec::new();
    let mut counts = Vec::new();
    for server in servers {
        let device = Device::of(server).await?;
        counts.push(warm_up(effort, async |count| round(device.clone(), count).await).await?);
        server.reset().await?;
    }
    let mut samples: Vec<_> = servers.iter().map(|server| (server.kind.name(), Vec::new())).collect();
    let mut busy = samples.clone();
    for number in 1..=effort.rounds {
        say(&format!(
            "polls over {connections}: round {number} of {}",
            effort.rounds
        ));
        for (index, server) in servers.iter().enumerate() {
            let pace = round(Device::of(server).await?, counts[index]).await?;
            samples[index].1.push(pace.per_second);
            busy[index].1.push(pace.busy);
            server.reset().await?;
        }
        ceiling.push(canned.poll(ceiling_count, connections).await?.per_second);
    }
    let what = match connections {
        1 => "Pending polls, 1 connection".to_owned(),
        _ => format!("Pending polls, {connections} connections"),
    };
    let measurement = Measurement::new(
        &format!("polls_{connections}"),
        &what,
        "per second",
        Better::More,
        &samples,
    )
    .at_least_times(30.0, "30 times oidc-provider's");
    let busy: BTreeMap<_, _> = busy
        .into_iter()
        .filter_map(|(of, samples)| Some((of.to_owned(), Spread::of(&samples)?)))
        .collect();
    let ceiling = Spread::of(&ceiling).ok_or("no rounds")?;
    Ok((
        measurement,
        GeneratorCheck {
            connections,
            ceiling,
            busy,
        },
    ))
}

async fn sign_ins(effort: &Effort, servers: &[Server]) -> Result<Measurement, String> {
    // Three rounds' connections together stay under the 160 that the mock takes on one listener.
    const DEVICES: usize = 32;
    let mut counts = Vec::new();
    for server in servers {
        let device = Device::of(server).await?;
        counts.push(warm_up(effort, async |count| device.sign_in(count, DEVICES).await).await?);
        server.reset().await?;
    }
    let mut samples: Vec<_> = servers.iter().map(|server| (server.kind.name(), Vec::new())).collect();
    for number in 1..=effort.rounds {
        say(&format!("sign-ins: round {number} of {}", effort.rounds));
        for (index, server) in servers.iter().enumerate() {
            let pace = Device::of(server).await?.sign_in(counts[index], DEVICES).await?;
            samples[index].1.push(pace.per_second);
            server.reset().await?;
        }
    }
    let what = format!("Whole sign-ins, {DEVICES} devices at once");
    Ok(Measurement::new(
        "sign_ins",
        &what,
        "per second",
        Better::More,
        &samples,
    ))
}

/// What a pending grant adds to the resident memory.
///
/// Without: as many starts that are refused, so that whatever the mock keeps of any request is there in both.
async fn grants(effort: &Effort, mock_idp: &Path) -> Result<Measurement, String> {
    let mut samples = Vec::new();
    for run in 1..=effort.grant_runs {
        say(&format!(
            "memory of {GRANTS} grants: run {run} of {}",
            effort.grant_runs
        ));
        let server = Server::start(Kind::MockIdp, mock_idp)?;
        let device = Device::of(&server).await?;
        let refused = device.start("nobody");
        let lines = device.connections(16).await?;
        let refuse = async move |line: &mut Connection, _| match line.exchange(&refused).await?.status {
            400 => Ok(()),
            status => Err(format!("mock-idp answered an unknown client with {status}")),
        };
        drive(lines, GRANTS, refuse).await?;
        tokio::time::sleep(SETTLE).await;
        let without = Memory::of(server.process())?.resident;
        device.start_grants(GRANTS).await?;
        tokio::time::sleep(SETTLE).await;
        let with = Memory::of(server.process())?.resident;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
        samples.push(with.saturating_sub(without) as f64 / GRANTS as f64);
    }
    let samples = [(Kind::MockIdp.name(), samples)];
    let measurement = Measurement::new("grant", "Memory of one pending grant", "bytes", Better::Less, &samples);
    Ok(measurement.under(1024.0, "under 1 KiB"))
}

/// Loads until the time for warming up is over, and says how many jobs a round should have.
async fn warm_up(
    effort: &Effort,
    load: impl AsyncFn(usize) -> Result<crate::load::Pace, String>,
) -> Result<usize, String> {
    const FIRST: usize = 500;
    let stopwatch = Stopwatch::start();
    loop {
        let pace = load(FIRST).await?;
        if stopwatch.elapsed() >= effort.warm_up {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a float casts to the nearest whole number there is"
            )]
            let count = (pace.per_second * effort.round.as_secs_f64()) as usize;
            return Ok(count.clamp(50, 150_000));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
