//! The border: JavaScript values in, JavaScript values out. Nothing is decided here that could be decided in the core.
//!
//! Every export takes `&self` and is synchronous: what takes time returns a `Promise` that owns all it uses, so that a
//! client may be freed while its requests are under way. No JavaScript value outlives the call that it came with, but
//! for what the client was configured with.

mod arguments;
mod client;
mod codec;
mod convert;
mod errors;
mod fetch;
mod hooks;
mod host;
mod interrupt;
mod options;
mod settings;
mod token;
mod webhook;

#[cfg(test)]
#[path = "../../tests/border/mod.rs"]
mod tests;
