//! Device sign-in.
fn main() {}
