//! The Pusher Channels server library that runs wherever JavaScript runs, and in Rust.
//!
//! This crate is the core of the npm package `pusher-http-wasm`. Everything outside `wasm` is pure: requests,
//! signatures, authorisations and webhook checks are functions of a [`Config`](config::Config), the caller's
//! input and, where one is needed, a timestamp. There is no clock, no randomness and no I/O in it, so a Rust
//! program brings its own HTTP client:
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
//! | module | what it knows |
//! |---|---|
//! | [`config`] | where requests go and with which credentials |
//! | [`connection_url`] | the one-string form of a configuration |
//! | [`environment`] | a configuration from environment variables |
//! | [`validate`] | names and ids that are parsed once and then trusted |
//! | [`sign`] | HMAC-SHA256, MD5, verification in constant time |
//! | [`query`] | percent-encoding and the signed query string |
//! | [`event`] | bodies of triggers and batches |
//! | [`request`] | whole requests, ready to send |
//! | [`auth`] | channel authorisation and user authentication |
//! | [`encrypt`] | end-to-end encrypted channels |
//! | [`webhook`] | whether a webhook is authentic |
//! | [`error`] | what was wrong with the input |

// In the published module every kilobyte counts: it is compiled for size, but for what goes over every byte. Elsewhere, on a stable
// compiler, there is no such attribute.
#![cfg_attr(npm, feature(optimize_attribute))]

pub mod auth;
pub mod config;
pub mod connection_url;
pub mod encrypt;
pub mod environment;
pub mod error;
pub mod event;
pub mod query;
pub mod request;
pub mod sign;
mod text;
pub mod validate;
pub mod webhook;

#[cfg(target_arch = "wasm32")]
mod wasm;
