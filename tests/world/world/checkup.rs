//! A look at the server before any story.

use device_flow::{Answer, Ask, Checkup, Config, Finding, Input, Instant, Step};

use super::World;

impl World {
    /// What a checkup of this world's server finds.
    #[must_use]
    pub fn checkup(mut self) -> Vec<Finding> {
        let mut checkup = Checkup::new(Config::new(self.settings.clone()).expect("a sound configuration"));
        let mut input = Input::Start;
        loop {
            let now = u64::try_from(self.now.as_millis()).expect("no story is so long");
            let Step { ask, wake_at } = checkup.step(Instant::from_millis(now), input);
            input = match (ask, wake_at) {
                (Some((id, Ask::Http(request))), _) => {
                    self.requests += 1;
                    let (takes, answer) = self.across(&request, self.requests, None);
                    self.now += takes;
                    Input::Answer(id, Answer::Http(answer))
                }
                (Some((id, Ask::Digest(input))), _) => {
                    let digest = client_term::digest::sha256(&input);
                    Input::Answer(id, Answer::Digest(Some(digest)))
                }
                (Some((_, Ask::VerifySignature(_))), _) => unreachable!("nobody approves"),
                (None, Some(at)) => {
                    self.now = std::time::Duration::from_millis(at.as_millis());
                    Input::Wake
                }
                (None, None) => return checkup.findings().expect("it is over").to_vec(),
            };
        }
    }
}
