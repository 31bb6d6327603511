//! Where each product listens: an option for every one there is.

use std::net::{Ipv4Addr, SocketAddr};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use mock_idp::Product;

use super::value::address;

/// The addresses that were named, each by an option with its product's name.
pub(super) struct Listeners(Vec<(Product, SocketAddr)>);

impl Listeners {
    /// Every product and its address: where none was named the usual one, or a free one.
    pub(super) fn addresses(&self, free_ports: bool) -> impl Iterator<Item = (Product, SocketAddr)> {
        Product::ALL.into_iter().map(move |product| {
            let port = if free_ports { 0 } else { product.usual_port() };
            let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let named = self.0.iter().find(|(each, _)| *each == product);
            (product, named.map_or(usual, |&(_, address)| address))
        })
    }
}

impl Args for Listeners {
    fn augment_args(command: Command) -> Command {
        command.args(Product::ALL.map(|product| {
            let help = format!("Where {} listens [default: {}]", product.title(), product.usual_port());
            let option = Arg::new(product.name()).long(product.name()).help(help);
            option.value_name("ADDR").value_parser(address)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Listeners {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let named = |product: Product| Some((product, *matches.get_one(product.name())?));
        Ok(Self(Product::ALL.into_iter().filter_map(named).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
