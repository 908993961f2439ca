//! Triggers an event and lists the occupied channels: the crate signs, `reqwest` sends.

use std::{
    env,
    error::Error,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use pusher_http_wasm::{
    config::Config,
    environment,
    event::Event,
    request::{Call, LIBRARY, Method},
    status::about_status,
    validate::{ChannelName, EventName},
};
use serde_json::{Value, json};

struct Channels {
    config: Config,
    http: reqwest::Client,
}

impl Channels {
    /// Reads `PUSHER_URL=https://KEY:SECRET@api-CLUSTER.pusher.com/apps/APP_ID`, or `PUSHER_APP_ID`, `PUSHER_KEY`, `PUSHER_SECRET` and
    /// `PUSHER_CLUSTER`.
    fn from_env() -> Result<Self, Box<dyn Error>> {
        let config = environment::read(&|name| env::var(name).ok())?;
        let http = reqwest::Client::builder();
        let http = match config.timeout() {
            0 => http,
            milliseconds => http.timeout(Duration::from_millis(milliseconds.into())),
        };
        Ok(Self { http: http.build()?, config })
    }

    async fn trigger(&self, channel: &str, event: &str, data: &Value) -> Result<(), Box<dyn Error>> {
        let data = data.to_string();
        let event = Event::new(EventName::parse(event)?, Some(&data));
        self.send(Call::trigger(&self.config, &event, &[ChannelName::parse(channel)?])?).await?;
        Ok(())
    }

    async fn send(&self, call: Call) -> Result<Value, Box<dyn Error>> {
        // Signed at the last moment: Channels accepts a signature for ten minutes.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let request = call.sign(&self.config, now)?;
        let outgoing = match request.method {
            Method::Get => self.http.get(&request.url),
            Method::Post => self.http.post(&request.url),
        }
        .header("x-pusher-library", LIBRARY);
        let outgoing = match request.body {
            Some(body) => outgoing.header("content-type", "application/json").body(body),
            None => outgoing,
        };
        // The URL has the signature: keep it out of errors, which end up in logs.
        let response = outgoing.send().await.map_err(reqwest::Error::without_url)?;
        let status = response.status();
        let text = response.text().await.map_err(reqwest::Error::without_url)?;
        if !status.is_success() {
            let (message, _) = about_status(status.as_u16());
            return Err(format!("{message}: {text}").into());
        }
        Ok(serde_json::from_str(&text)?)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let channels = Channels::from_env()?;
    channels.trigger("my-channel", "my-event", &json!({ "message": "Hello from Rust" })).await?;
    println!("triggered");

    let answer = channels.send(Call::channels(Some("presence-"), Some("user_count"))).await?;
    for (name, attributes) in answer["channels"].as_object().into_iter().flatten() {
        println!("{name}: {} users", attributes["user_count"]);
    }
    Ok(())
}
