//! Where something listens, as people write it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// An address written as a port of loopback, such as `8628`, or as `HOST:PORT`. Port 0 takes a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub SocketAddr);

impl Address {
    /// A port of loopback.
    pub const fn loopback(port: u16) -> Self {
        Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(port) = text.parse() {
            return Ok(Self::loopback(port));
        }
        let mut found = text
            .to_socket_addrs()
            .map_err(|_| format!("{text:?} is no address; write a PORT or a HOST:PORT"))?;
        let first = found.next().ok_or_else(|| format!("{text:?} has no address"));
        first.map(Self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AsWritten)
    }
}

struct AsWritten;

impl Visitor<'_> for AsWritten {
    type Value = Address;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a port from 0 to 65535, or \"HOST:PORT\"")
    }

    fn visit_i64<E: Error>(self, port: i64) -> Result<Address, E> {
        let known = u16::try_from(port).map(Address::loopback);
        known.map_err(|_| E::invalid_value(Unexpected::Signed(port), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Address, E> {
        text.parse().map_err(E::custom)
    }
}
