//! Where each product listens: an option for every one there is.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use mock_idp::{Address, Listeners, Product};

/// The addresses that were named, each by an option with its product's name.
pub(super) struct ListenerOptions(Vec<(Product, Address)>);

impl ListenerOptions {
    /// Lets the products that were named listen there.
    pub(super) fn apply(&self, listeners: &mut Listeners) {
        for &(product, Address(address)) in &self.0 {
            listeners.set(product, address);
        }
    }
}

impl Args for ListenerOptions {
    fn augment_args(command: Command) -> Command {
        command.args(Product::ALL.map(|product| {
            let help = format!("Where {} listens [default: {}]", product.title(), product.usual_port());
            let option = Arg::new(product.name()).long(product.name()).help(help);
            option.value_name("ADDR").value_parser(str::parse::<Address>)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ListenerOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let named = |product: Product| Some((product, *matches.get_one(product.name())?));
        Ok(Self(Product::ALL.into_iter().filter_map(named).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
