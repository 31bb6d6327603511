//! The origins that a page in a story may have; what it may read is `client_term::cors`'s matter.

/// The page's own origin; the server knows it.
pub(crate) const ORIGIN: &str = "https://tv.example";

/// What a page says of its origin that came from no server (HTML Standard, opaque origins).
pub(crate) const NO_ORIGIN: &str = "null";
