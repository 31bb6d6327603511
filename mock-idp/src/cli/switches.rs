//! What `--assume` and `--rate-limits` take.

use mock_idp::{Assumptions, RateLimits};

/// One switch and what it is set to.
pub(super) fn assumption(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Assumptions::default().set(name, value)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Every switch, for `--help`.
pub(super) fn assumptions() -> String {
    let mut text = "What to assume where nobody has verified what a product does; as often as needed. \
                    Of each the first is what is assumed without:"
        .to_owned();
    for switch in Assumptions::ALL {
        let values: Vec<_> = switch.values.iter().map(|value| value.name).collect();
        text.extend(["\n- ", switch.name, " (", switch.id, "): ", &values.join(", ")]);
    }
    text
}

/// A rate limit, for all issuers or for one.
pub(super) fn rate_limit(text: &str) -> Result<String, String> {
    RateLimits::default().read(text).map(|()| text.to_owned())
}
