//! Device sign-in.
