//! One file per state; [`Scenario`] jumps to where each begins.

mod access_token;
mod authorizing;
mod checking;
mod discovering;
mod ending;
mod pending;
mod pkce;
mod renewal;
mod scenario;

use scenario::Scenario;
