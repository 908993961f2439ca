//! The border: JavaScript values in, JavaScript values out. Nothing is decided here that could be decided in the core.
//!
//! What a value is (its type, its members, its JSON) JavaScript finds out: `pkg-template` has that half. It crosses as text, all that a
//! call needs in one [`frame`].
//!
//! Every method takes `&self` and is synchronous: what takes time returns a `Promise` that owns all it uses, so that a
//! client may be freed while its requests are under way. No JavaScript value outlives the call that it came with.

mod client;
mod errors;
mod frame;
mod host;
mod settings;

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

// Only where there is JavaScript.
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
#[path = "../../tests/border/mod.rs"]
mod tests;
