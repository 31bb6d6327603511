//! The page about a million televisions, written by the run that told of them.

use super::curve::{Curve, Plot};
use super::device::Software;
use super::{Away, Evening, Growth, MINUTE};
use crate::table::number;

/// What a curve is called.
pub(super) fn name(software: Software, manner: Away) -> &'static str {
    match (software, manner) {
        (Software::Ours, Away::Unreachable) => "device-flow",
        (Software::Ours, Away::Tells) => {
            "device-flow, and somebody in front of the server says when it is back (503, Retry-After as a date)"
        }
        (Software::Steady, _) => "polls every 5 s, whatever happens",
        (Software::GivesUp, _) => "gives up at the first lost answer; its person presses again",
    }
}

/// What became of the evenings, one row each.
pub(super) fn table(growth: &Growth) -> String {
    let mut text = String::from(
        "| | signed in, of those who did not walk away | presses after the first, of a thousand | requests per sign-in | most requests in a second while away, times those before | most in the minute after | last request refused, s after |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for evening in &growth.evenings {
        let story = &evening.story;
        let share = f64::from(story.signed_in) / f64::from(story.willing) * 100.0;
        let requests: f64 = story.requests.iter().copied().map(f64::from).sum();
        let each = requests / f64::from(story.signed_in.max(1));
        let away = evening.most(evening.outage.start..evening.outage.end);
        let after = evening.most(evening.outage.end..evening.outage.end + MINUTE);
        let end = usize::try_from(evening.outage.end / 1000).unwrap_or(0);
        let last = story.refused.iter().rposition(|refused| *refused > 0).unwrap_or(0);
        let name = name(evening.software, evening.manner);
        let row = format!(
            "| {name} | {share:.2} % | {} | {each:.1} | {} | {} | {} |\n",
            number(f64::from(story.begun_anew) / f64::from(story.devices) * 1000.0),
            number(f64::from(away) / story.before),
            number(f64::from(after) / story.before),
            (last + 1).saturating_sub(end),
        );
        text += &row;
    }
    text
}

impl Evening {
    /// The most requests in one second of these milliseconds.
    fn most(&self, span: std::ops::Range<u64>) -> u32 {
        let [from, to] = [span.start, span.end].map(|at| usize::try_from(at / 1000).unwrap_or(0));
        let seconds = self.story.requests.get(from..to).unwrap_or_default();
        seconds.iter().copied().max().unwrap_or(0)
    }

    /// Requests per second, as the mean of so many seconds.
    fn points(&self, seconds: usize) -> Vec<(f64, f64)> {
        let parts = self.story.requests.chunks(seconds).enumerate();
        let point = |(index, part): (usize, &[u32])| {
            let sum: u32 = part.iter().sum();
            #[expect(clippy::cast_precision_loss, reason = "an evening has few seconds")]
            ((index * seconds) as f64 / 60.0, f64::from(sum) / part.len() as f64)
        };
        parts.map(point).collect()
    }
    /// The same second by second, as a multiple of what came before the outage.
    fn times(&self) -> Vec<(f64, f64)> {
        let points = self.points(1).into_iter();
        points
            .map(|(minute, value)| (minute, value / self.story.before))
            .collect()
    }
}

/// The whole evening.
pub(super) fn evening(growth: &Growth) -> String {
    let curves = growth.evenings.iter().take(1).map(|evening| Curve {
        name: name(evening.software, evening.manner),
        points: evening.points(60),
    });
    let minutes = growth.minutes();
    Plot {
        title: "Requests per second, by the minute of the evening",
        minutes: 0.0..250.0,
        away: minutes,
        every: 50.0,
        curves: curves.collect(),
    }
    .draw()
}

/// The outage, second by second.
pub(super) fn outage(growth: &Growth) -> String {
    let away = growth.minutes();
    let curves = growth.evenings.iter().map(|evening| Curve {
        name: name(evening.software, evening.manner),
        points: evening.times(),
    });
    Plot {
        title: "Requests per second as a multiple of those before the outage, by the minute of the evening",
        minutes: away.start - 1.0..away.end + 6.0,
        away,
        every: 1.0,
        curves: curves.collect(),
    }
    .draw()
}

impl Growth {
    /// The outage in minutes.
    fn minutes(&self) -> std::ops::Range<f64> {
        let outage = self
            .evenings
            .first()
            .map(|evening| evening.outage.clone())
            .unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "an evening")]
        let minute = |at: u64| at as f64 / MINUTE as f64;
        minute(outage.start)..minute(outage.end)
    }
}

pub(super) fn page(growth: &Growth) -> String {
    let Some(ours) = growth.evenings.first() else {
        return String::new();
    };
    let story = &ours.story;
    let requests: u32 = story.requests.iter().sum();
    let devices = f64::from(story.devices);
    let micros = |span: std::time::Duration| span.as_secs_f64() * 1e6;
    let per_device = f64::from(requests) / devices;
    let peak = ours.most(0..ours.outage.start);
    format!(
        "# A million televisions

<!-- Written by the command below; edit tests/bench/growth/docs.rs instead. -->

```sh
npx --yes rust-just bench growth
```

{devices} televisions sign in during one evening of four hours, most of them in its middle, at one server: the real core, the real mock, in one process and without waiting.
Every person takes 15 to 90 seconds to approve, three of a hundred walk away and leave their code to run out (half an hour, as in RFC 8628 section 3.2).
In the 120th minute the server is away for five; after that it takes one and a half times as many requests a second as in the minute before, and answers 503 to the rest.

## What one costs

- in the core: {core} µs of computing from the button to the tokens, {per_device:.1} requests
- in the mock: {server} µs, without its sockets
- {bytes} bytes of memory while it waits for its person

Signatures cost nothing here: a hash stands for them on both sides.

## What the server sees

![Requests per second during the evening](evening.svg)

At its height, before the outage, {peak} requests come in a second; nearly all of them are polls.

![Requests per second around the outage](outage.svg)

{table}
The first row is of {devices} sets, the others, which are told for their shape, of {some} each.
The two that are not ours are the least that signs somebody in: one polls on as if nothing were wrong, the other stops at the first answer that is none, as three well-known clients do.
Neither renews a code, checks an ID token, or takes what a server says about waiting.

The waves of ours are back-off: sets whose answers were lost within the same five seconds double their waits together, and stay as far apart as they were.

Who has a code when the outage begins keeps it with ours, and signs in afterwards without pressing anything.
Who presses the button while the server is away is told so after four tries and seven seconds; people of this story press five times at most, twenty seconds apart, and that is where those are lost who did not sign in.
The one that polls on loses nobody, as its people here look at nothing for minutes, and pays for it with the load that the server has to get over; the one that gives up is the easiest on the server, since its codes are thrown away.

## Ten million

On paper, for a provider with ten million sets:

- A set that nobody uses asks nothing. Load comes from people: sign-ins a second, times {per_device:.0} requests.
- If one set in a hundred signs in during an evening of four hours, that is 7 sign-ins a second in the mean, 14 at the height, {hundredth} requests a second.
- If all of them had to on one evening, as after every token was revoked, it is a hundred times that: ten times the first picture above. What helps then is a longer `interval` in the device authorization response, which the core keeps: twice the interval is half the polls.
- During an outage the polls die away: each lost answer doubles the extra wait, up to a minute. Afterwards sets come back spread over that minute, by where each was in its own wait.
- Where a server names a moment for all (`Retry-After` as a date), all would come in that very second. Each set adds a wait of its own to such a date, up to one interval, made from its device code.
- Sessions refresh shortly before their access token ends. With tokens of an hour, ten million sets that are all switched on make 2,800 refreshes a second, spread by when each signed in.

Told on {date} in {seconds} s.
",
        devices = number(devices),
        some = number(devices / 10.0),
        core = number(micros(story.core) / devices),
        server = number(micros(story.server) / devices),
        bytes = number(growth.bytes_per_device),
        peak = number(f64::from(peak)),
        table = table(growth),
        hundredth = number(13.9 * per_device),
        date = growth.date,
        seconds = number(growth.seconds),
    )
}
