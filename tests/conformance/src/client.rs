//! Client mode: a server with a script, a client that signs in at it, and what the journal says of that.

mod checks;
mod judges;
mod run;
mod scene;
mod stage;

pub use checks::{CHECKS, ClientCheck};
pub use run::{End, Run};
pub use scene::{SCENES, Scene};
pub use stage::{Client, Setting, Stage, play_all};

use crate::exchange::Exchange;
use crate::report::Finding;

/// The scenes that these checks need.
pub fn scenes_of<'a>(checks: impl Iterator<Item = &'a ClientCheck>) -> Vec<&'static Scene> {
    let names: Vec<_> = checks.map(|check| check.scene).collect();
    SCENES.iter().filter(|scene| names.contains(&scene.name)).collect()
}

/// Judges a client by its runs.
pub fn judge<'a>(checks: impl Iterator<Item = &'a ClientCheck>, runs: &[Run], has_secret: bool) -> Vec<Finding> {
    let judged = checks.map(|check| {
        let own = runs
            .iter()
            .filter(|run| check.everywhere || run.scene.name == check.scene);
        let own: Vec<_> = own.collect();
        let ruling = checks::judge_of(check, has_secret)(&own);
        let shown = own.iter().filter(|run| run.scene.name == check.scene);
        let exchanges: Vec<Exchange> = shown.flat_map(|run| run.exchanges()).collect();
        let finding = Finding::of(check.about, ruling, exchanges);
        match SCENES.iter().find(|scene| scene.name == check.scene) {
            Some(scene) => finding.in_scene(scene.what),
            None => finding,
        }
    });
    judged.collect()
}
