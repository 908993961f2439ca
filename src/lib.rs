//! The Pusher Channels server library for every JavaScript runtime, and for Rust.
//!
//! This crate is the core of the npm package `pusher-http-wasm`. Requests, signatures, authorisations and webhook checks are pure
//! functions of a [`Config`](config::Config), your input and, where needed, a timestamp or a nonce. You bring the clock, the
//! randomness and an HTTP client: the crate does no I/O.
//!
//! ```
//! use pusher_http_wasm::{config::{Config, Setting}, event::Event, request::Request, validate::{ChannelName, EventName}};
//!
//! let config = Config::new([
//!     (Setting::AppId, "3"),
//!     (Setting::Key, "278d425bdf160c739803"),
//!     (Setting::Secret, "7ad3773142a6692b25b8"),
//!     (Setting::Cluster, "eu"),
//! ])?;
//! let channels = [ChannelName::parse("project-3")?];
//! let event = Event::new(EventName::parse("foo")?, Some(r#"{"some":"data"}"#));
//! let request = Request::trigger(&config, &event, &channels, 1_353_088_179)?;
//!
//! assert!(request.url.starts_with("https://api-eu.pusher.com/apps/3/events?auth_key=278d425bdf160c739803&"));
//! assert_eq!(request.body.as_deref(), Some(r#"{"name":"foo","data":"{\"some\":\"data\"}","channels":["project-3"]}"#));
//! # Ok::<(), pusher_http_wasm::error::Error>(())
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`config`] | where requests go, and with which credentials |
//! | [`connection_url`] | the one-string form of a configuration |
//! | [`environment`] | a configuration from environment variables |
//! | [`validate`] | names and ids: parsed once, then trusted |
//! | [`sign`] | HMAC-SHA256, MD5, verification in constant time |
//! | [`query`] | percent-encoding and the signed query string |
//! | [`event`] | bodies of triggers and batches |
//! | [`request`] | whole requests, ready to send |
//! | [`auth`] | channel authorisation and user authentication |
//! | [`encrypt`] | end-to-end encrypted channels |
//! | [`webhook`] | whether a webhook is authentic |
//! | [`publish`] | how many events go out in the fewest requests |
//! | [`retry`] | whether a failed call is retried, and when |
//! | [`status`] | what the status of a failed request means, and what to do |
//! | [`error`] | what was wrong with the input |
//!
//! Leave the feature `npm` off: it is for the npm package only, and adds exports for JavaScript and a global allocator.

// The npm package's module is compiled for size. The few functions that go over every byte are compiled for speed, with the attribute
// `optimize(speed)`, which stable compilers do not have. tools/build.mjs sets this.
#![cfg_attr(size_optimized, feature(optimize_attribute))]

pub mod auth;
pub mod config;
pub mod connection_url;
pub mod encrypt;
pub mod environment;
pub mod error;
pub mod event;
mod host;
pub mod publish;
pub mod query;
pub mod request;
pub mod retry;
pub mod sign;
pub mod status;
mod text;
pub mod validate;
pub mod webhook;

#[cfg(feature = "npm")]
mod wasm;

// The border's fuzz target, and what another one chooses from: see fuzz/.
#[cfg(all(feature = "npm", fuzzing))]
pub use wasm::{SETTINGS, answer_any_frame};

/// The programs of the documentation's page about Rust, as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/rust.md")]
pub struct Documentation;
