//! The border, asked as JavaScript asks it: a frame is written, an operation is called, its answer is read.
//!
//! The border is private, so `src/wasm/mod.rs` takes this folder in as its own tests. All of it but the exports is ordinary Rust and is
//! tested natively; `wasm.rs` has what needs the module's memory or the host. What callers see of it all is in `js-tests/suite`.

#[cfg(not(target_arch = "wasm32"))]
mod answers;
mod calls;
#[cfg(not(target_arch = "wasm32"))]
mod frame;
#[cfg(not(target_arch = "wasm32"))]
mod mistakes;
#[cfg(not(target_arch = "wasm32"))]
mod options;
#[cfg(not(target_arch = "wasm32"))]
mod requests;
#[cfg(not(target_arch = "wasm32"))]
mod state;
#[cfg(target_arch = "wasm32")]
mod wasm;
