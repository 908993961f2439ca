//! Signs a trigger for your own HTTP client, and authorises a client to subscribe. Run it with
//! `PUSHER_URL=https://KEY:SECRET@HOST/apps/APP_ID cargo run --example rust`.

use std::{
    env,
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use pusher_http_wasm::{
    auth, environment,
    event::Event,
    request::Request,
    validate::{ChannelName, EventName, SocketId},
};

fn main() -> Result<(), Box<dyn Error>> {
    let config = environment::read(&|name| env::var(name).ok())?;

    // The crate has no clock and sends nothing: you bring both.
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let event = Event::new(EventName::parse("my-event")?, Some(r#"{"message":"hello from Rust"}"#));
    let request = Request::trigger(&config, &event, &[ChannelName::parse("my-channel")?], now)?;
    println!("{} {}", request.method.as_str(), request.redacted_url());
    println!("{}", request.body.as_deref().unwrap_or_default());

    let socket_id = SocketId::parse("1234.5678")?;
    let auth = auth::authorize_channel(config.token()?, socket_id, ChannelName::parse("private-room")?, None);
    println!(r#"{{"auth":"{auth}"}}"#);
    Ok(())
}
