//! What is said once the mock answers.

use std::io::{self, Write};
use std::path::Path;

use mock_idp::{Config, MockIdp};

/// Names the issuers, for people or for a program.
pub(super) fn announce(mock: &MockIdp, config: &Config, file: Option<&Path>, json: bool) -> io::Result<()> {
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
        if let Some(client) = config.clients.first() {
            writeln!(out, "Client id:        {}", client.id)?;
        }
        if let Some(user) = config.users.first() {
            writeln!(out, "Demo user:        {}, password: {}", user.username, user.password)?;
        }
        if let Some(file) = file {
            writeln!(out, "Configuration:    {}", file.display())?;
        }
        writeln!(out, "Ctrl-C stops it.")?;
    }
    out.flush()
}
