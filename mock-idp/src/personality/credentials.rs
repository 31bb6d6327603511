//! Facts about clients: how they prove who they are (RFC 6749 section 2.3).

use super::Endpoint;

/// Which credentials of a client are read, and where they must be right.
#[derive(Clone, Copy)]
pub(crate) struct Credentials {
    /// Where the client may name itself by `Authorization: Basic`; elsewhere the header is not looked at.
    pub(crate) reads_basic: &'static [Endpoint],
    /// Whether `+` in that header is a blank, as in a form (RFC 6749 appendix B); else it is itself.
    pub(crate) plus_is_blank: bool,
    /// Where a client that has a secret must show it, before anything else is looked at.
    pub(crate) secret_at: &'static [Endpoint],
    /// The grants that need the secret where `secret_at` lacks the token endpoint: after the grant was found allowed.
    pub(crate) secret_for: &'static [&'static str],
    /// Whether credentials of several kinds are refused (RFC 6749 section 2.3); else those of the header count.
    pub(crate) refuses_several: bool,
    /// Whether credentials that the client does not have, a secret or an assertion, are refused; else ignored.
    pub(crate) refuses_unregistered: bool,
}
