//! What is said once the mock answers.

use std::io::{self, Write};

use mock_idp::MockIdp;

/// Who can be used to try it: the first client and the first user.
pub(super) struct Demo {
    pub(super) client_id: String,
    pub(super) username: String,
    pub(super) password: String,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            client_id: "tv".to_owned(),
            username: "jane".to_owned(),
            password: "password".to_owned(),
        }
    }
}

/// Names the issuers, for people or for a program.
pub(super) fn announce(mock: &MockIdp, demo: &Demo, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let issuers: serde_json::Map<_, _> = mock
            .issuers()
            .into_iter()
            .map(|(name, url)| (name, url.into()))
            .collect();
        let line = serde_json::json!({ "ready": true, "control": mock.control(), "issuers": issuers });
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "Ready. Issuers:")?;
        for (name, url) in mock.issuers() {
            writeln!(out, "  {name:15}{url}")?;
        }
        writeln!(out, "Control:          {}", mock.control())?;
        writeln!(out, "Client id:        {}", demo.client_id)?;
        writeln!(out, "Demo user:        {}, password: {}", demo.username, demo.password)?;
        writeln!(out, "Ctrl-C stops it.")?;
    }
    out.flush()
}
