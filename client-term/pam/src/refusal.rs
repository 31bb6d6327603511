//! Why somebody is not let in: in words for them, and as a line for the system log, neither with a secret in it.

use device_flow::{Ending, FlowError, NotSignedIn};

/// Every way that does not end in a grant.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The account has been created; sshd lets nobody in whom it did not know at the start.
    AccountCreated { account: String },
    /// The settings or the service file are at fault; the text says how.
    Misconfigured(String),
    /// This account is not open to this person, or to anybody.
    NotAllowed {
        account: String,
        person: Option<String>,
        why: String,
    },
    /// The person, a policy or the clock ended it.
    NotSignedIn { account: String, why: NotSignedIn },
    /// The time that sshd gives a person is over.
    TimeOver { account: String },
    /// The server refuses the request, or breaks a rule.
    Unserved { account: String, why: NotSignedIn },
    /// The server cannot be reached.
    Unavailable { account: String, why: NotSignedIn },
    /// The program at the other end showed nothing, or the person hung up.
    Unheard { account: String },
}

impl Refusal {
    pub(crate) fn not_signed_in(account: &str, why: NotSignedIn) -> Self {
        let account = account.to_owned();
        match why {
            NotSignedIn::Failed(FlowError::Lost(_)) => Self::Unavailable { account, why },
            NotSignedIn::Failed(_) => Self::Unserved { account, why },
            NotSignedIn::Ended(_) => Self::NotSignedIn { account, why },
        }
    }

    /// Whether an administrator should look at it.
    pub(crate) const fn is_error(&self) -> bool {
        matches!(
            self,
            Self::Misconfigured(_) | Self::Unavailable { .. } | Self::Unserved { .. }
        )
    }

    /// For the person: nothing about other accounts or rules.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::AccountCreated { account } => {
                format!("The account {account} has been created. Please connect once more.")
            }
            Self::Misconfigured(_) => "This sign-in is not set up correctly; the system log says why.".into(),
            Self::NotAllowed { account, .. } => format!("You may not sign in as {account}."),
            Self::NotSignedIn { why, .. } => match why {
                NotSignedIn::Ended(Ending::Denied(response)) => {
                    format!("The sign-in was declined: {}.", plain(&response.to_string()))
                }
                NotSignedIn::Ended(Ending::Expired) => "The code has run out. Please connect once more.".into(),
                _ => "The sign-in was cancelled.".into(),
            },
            Self::TimeOver { .. } => "The time to sign in is over. Please connect once more.".into(),
            Self::Unavailable { .. } | Self::Unserved { .. } => {
                "Nobody can be signed in right now; the system log says why.".into()
            }
            Self::Unheard { .. } => "The sign-in was cancelled.".into(),
        }
    }

    pub(crate) fn log_line(&self) -> String {
        let (account, why) = match self {
            Self::Misconfigured(why) => return format!("refused everybody: {}", plain(why)),
            Self::AccountCreated { account } => (account, "the account was created just now".into()),
            Self::NotAllowed { account, person, why } => {
                let person = person.as_deref().map(|person| format!(" to {}", plain(person)));
                return format!("refused {}{}: {why}", plain(account), person.unwrap_or_default());
            }
            Self::NotSignedIn { account, why }
            | Self::Unserved { account, why }
            | Self::Unavailable { account, why } => (
                account,
                match why {
                    NotSignedIn::Ended(Ending::Cancelled) => "cancelled".into(),
                    NotSignedIn::Ended(Ending::Denied(response)) => format!("denied ({}): {response}", response.error),
                    NotSignedIn::Ended(Ending::Expired) => "the code has expired".into(),
                    // Its own words are those of the poll that is too fast.
                    NotSignedIn::Failed(FlowError::Refused(response)) if response.status == 429 => {
                        format!(
                            "the server gives out no more codes for now ({}, status 429)",
                            response.error
                        )
                    }
                    NotSignedIn::Failed(error) => format!("{error} ({})", error.code()),
                },
            ),
            Self::TimeOver { account } => (account, "time_limit is over".into()),
            Self::Unheard { account } => (account, "the person is gone, or cannot be shown anything".into()),
        };
        format!("refused {}: {}", plain(account), plain(&why))
    }
}

/// On one line, and nothing that a terminal or a log reader could obey.
pub(crate) fn plain(text: &str) -> String {
    let printable = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().take(400).map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::ErrorResponse;

    #[test]
    fn a_server_cannot_forge_a_line_or_move_the_cursor() {
        let response = ErrorResponse {
            status: 400,
            error: "access_denied".into(),
            error_description: Some("no\nAccepted publickey for root\x1b[2J".into()),
        };
        let refusal = Refusal::not_signed_in("jane", NotSignedIn::Ended(Ending::Denied(response)));
        for text in [refusal.words(), refusal.log_line()] {
            assert!(!text.contains(char::is_control), "{text:?}");
        }
    }
}
