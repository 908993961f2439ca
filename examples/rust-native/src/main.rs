//! Publishes an event, asks which channels are occupied, and authorises a subscription.
//!
//! PUSHER_URL=https://KEY:SECRET@HOST/apps/APP_ID cargo run

mod channels;

use std::{env, error::Error, process::ExitCode};

use pusher_http_wasm::{
    auth, environment,
    event::Event,
    request::Call,
    validate::{ChannelName, EventName, SocketId},
};

use crate::channels::Channels;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let channels = Channels::new(environment::read(&|name| env::var(name).ok())?)?;
    let config = channels.config();

    let event = Event::new(EventName::parse("my-event")?, Some(r#"{"message":"Hello from Rust"}"#));
    config.check_payload(&event)?;
    channels.send(&Call::trigger(config, &event, &[ChannelName::parse("my-channel")?])?)?;
    println!("triggered");

    println!("occupied channels: {}", channels.send(&Call::channels(None, None))?);

    let auth = auth::authorize_channel(
        config.token()?,
        SocketId::parse("1234.5678")?,
        ChannelName::parse("private-room")?,
        None,
    );
    println!(r#"{{"auth":"{auth}"}}"#);
    Ok(())
}
