//! Where every listener of a mock listens.

use std::fmt;
use std::net::SocketAddr;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::Address;
use crate::personality::Product;

/// The name of the one listener that is no product's.
const CONTROL: &str = "control";

/// Where control listens unless told otherwise.
const CONTROL_PORT: u16 = 8620;

/// An address for control and for each product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listeners {
    /// Where control listens.
    pub control: SocketAddr,
    products: Vec<(Product, SocketAddr)>,
}

impl Default for Listeners {
    /// The usual ports of loopback.
    fn default() -> Self {
        Self::by(Product::usual_port, CONTROL_PORT)
    }
}

impl Listeners {
    /// Free ports of loopback, so that many mocks can live side by side.
    pub fn free() -> Self {
        Self::by(|_| 0, 0)
    }

    fn by(port: impl Fn(Product) -> u16, control: u16) -> Self {
        let Address(control) = Address::loopback(control);
        let products = Product::ALL.map(|product| (product, Address::loopback(port(product)).0));
        Self {
            control,
            products: products.to_vec(),
        }
    }

    /// What is wrong with them, if two want the same port.
    pub fn check(&self) -> Result<(), String> {
        let products = self.products().map(|(product, address)| (product.name(), address));
        let all: Vec<_> = [(CONTROL, self.control)].into_iter().chain(products).collect();
        for (index, (name, address)) in all.iter().enumerate() {
            let (ip, port) = (address.ip(), address.port());
            let same = |other: &SocketAddr| {
                other.port() == port && (other.ip() == ip || other.ip().is_unspecified() || ip.is_unspecified())
            };
            let taken = all[..index].iter().find(|(_, other)| port != 0 && same(other));
            if let Some((owner, _)) = taken {
                return Err(format!(
                    "`{name}` and `{owner}` cannot both have port {port}: name another by `listen.{name}` or --{name}"
                ));
            }
        }
        Ok(())
    }

    /// Every product and its address.
    pub fn products(&self) -> impl Iterator<Item = (Product, SocketAddr)> {
        self.products.iter().copied()
    }

    /// Lets a product listen elsewhere.
    pub fn set(&mut self, product: Product, address: SocketAddr) {
        for (each, kept) in &mut self.products {
            if *each == product {
                *kept = address;
            }
        }
    }
}

/// The key of one listener.
enum Listener {
    Control,
    Of(Product),
}

impl<'de> Deserialize<'de> for Listener {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == CONTROL {
            return Ok(Self::Control);
        }
        let product = Product::ALL.into_iter().find(|product| product.name() == name);
        product.map(Self::Of).ok_or_else(|| {
            let known: Vec<_> = Product::ALL.map(|product| format!("`{}`", product.name())).into();
            let known = known.join(", ");
            D::Error::custom(format!("unknown field `{name}`, expected one of `{CONTROL}`, {known}"))
        })
    }
}

impl<'de> Deserialize<'de> for Listeners {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Table)
    }
}

struct Table;

impl<'de> Visitor<'de> for Table {
    type Value = Listeners;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a table of listeners and their addresses")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Listeners, A::Error> {
        let mut listeners = Listeners::default();
        while let Some((listener, Address(address))) = table.next_entry()? {
            match listener {
                Listener::Control => listeners.control = address,
                Listener::Of(product) => listeners.set(product, address),
            }
        }
        Ok(listeners)
    }
}
