//! The clock: read, set, moved, stopped, started, and made to lie.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Problem, Refused, Sent, answer, parse};
use crate::clock::{CENTURY, Clock, check_moment, check_skew};
use crate::server::Shared;
use crate::time::Instant;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(read, change))
        .routes(routes!(advance))
}

/// The mock's time.
#[derive(Serialize, ToSchema)]
struct Reading {
    /// Seconds since 1970.
    now: u64,
    /// Whether only calls move it.
    frozen: bool,
    /// How many seconds `POST /clock/advance` has moved it since the start.
    advanced_by: f64,
    /// How many seconds what the mock tells others (tokens, `Date`) is ahead of it.
    skew: i64,
}

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Turn {
    /// Any moment from 1970 to 9999, past ones too.
    #[schema(minimum = 0, maximum = 253_402_300_799_u64)]
    now: Option<u64>,
    /// `true` stops it, `false` lets it run on.
    frozen: Option<bool>,
    /// Tokens and `Date` headers tell a time so many seconds ahead; deadlines stay.
    #[schema(minimum = -3_155_760_000_i64, maximum = 3_155_760_000_i64)]
    skew: Option<i64>,
}

/// How far the clock goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// From 0 up.
    #[schema(minimum = 0, maximum = 3_155_760_000_i64)]
    seconds: f64,
}

/// The mock's time
#[utoipa::path(get, path = "/clock", tag = "clock", responses((status = 200, body = Reading)))]
async fn read(State(shared): Mock) -> Response {
    answer(StatusCode::OK, &reading(&shared))
}

/// Set, freeze or run the clock, or skew what it tells others
#[utoipa::path(
    put, path = "/clock", tag = "clock", request_body = Option<Turn>,
    responses((status = 200, body = Reading), (status = 400, body = Problem), (status = 413, body = Problem))
)]
async fn change(State(shared): Mock, body: Sent) -> Result<Response, Refused> {
    let Turn { now, frozen, skew } = parse(&body?, "{\"now\":N,\"frozen\":true,\"skew\":N}, or some of it")?;
    now.map_or(Ok(()), check_moment).map_err(Refused::bad)?;
    skew.map_or(Ok(()), check_skew).map_err(Refused::bad)?;
    shared.turn_clock(|clock| {
        if let Some(now) = now {
            clock.set(Instant::from_seconds(now));
        }
        match frozen {
            Some(true) => clock.freeze(),
            Some(false) => clock.run(),
            None => {}
        }
    });
    if let Some(skew) = skew {
        shared.set_skew(skew);
    }
    Ok(answer(StatusCode::OK, &reading(&shared)))
}

/// Move the clock forward; every deadline, token and `Date` header follows
#[utoipa::path(
    post, path = "/clock/advance", tag = "clock", request_body = Advance,
    responses((status = 200, body = Reading), (status = 400, body = Problem), (status = 413, body = Problem))
)]
async fn advance(State(shared): Mock, body: Sent) -> Result<Response, Refused> {
    let Advance { seconds } = parse(&body?, "{\"seconds\":N}")?;
    let span = Duration::try_from_secs_f64(seconds).ok();
    let Some(span) = span.filter(|span| *span <= Duration::from_secs(CENTURY.unsigned_abs())) else {
        let text = "seconds must be from 0 to 3155760000, as this only goes forward; PUT /clock sets the clock back";
        return Err(Refused::bad(text));
    };
    shared.turn_clock(|clock| clock.advance(span));
    Ok(answer(StatusCode::OK, &reading(&shared)))
}

fn reading(shared: &Shared) -> Reading {
    let clock: Clock = shared.clock();
    Reading {
        now: clock.now().seconds(),
        frozen: clock.is_frozen(),
        advanced_by: clock.advanced_by().as_secs_f64(),
        skew: shared.skew(),
    }
}
