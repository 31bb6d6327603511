//! One file per state; [`Scenario`] jumps to where each begins.

mod authorizing;
mod checking;
mod discovering;
mod pending;
mod scenario;

use scenario::Scenario;
