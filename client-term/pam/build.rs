//! Keeps the module in memory once it is loaded: a thread of it may still wait for an answer when libpam closes it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
