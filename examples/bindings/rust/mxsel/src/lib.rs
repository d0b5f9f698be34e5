// The wrapper of libmxsel; its documentation is the README of the binding.

#![doc = include_str!("../../README.md")]
#![warn(missing_docs)]

mod attempt;
mod engine;
mod error;
mod memory;
#[macro_use]
mod numbers;
mod options;
mod pointer;
mod resolver;
mod selection;
mod settings;

pub use attempt::{Attempt, Event, Rejected, TlsResult, Tlsa, Verdict};
pub use engine::{Engine, NextAttempt, Running};
pub use error::Error;
pub use memory::{Entries, Entry, Memory};
pub use numbers::*;
pub use options::{Builder, Cache, Dns, Options, Sts, Zone};
pub use resolver::{Answer, Question, Resolver};
pub use selection::Selection;
pub use settings::*;

/// The version of the library that runs.
pub fn version() -> &'static str {
    // SAFETY: a constant string.
    unsafe { pointer::constant(mxsel_sys::mxsel_version()) }
}

/// Hosts for a destination, by the servers of this machine and with every
/// default.
pub fn select(destination: impl AsRef<[u8]>) -> Result<Selection, Error> {
    let options = Options::builder().dns(&Dns::system()?).build()?;
    Selection::new(destination, &options)
}
