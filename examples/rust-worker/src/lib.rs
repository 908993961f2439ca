//! A Worker that publishes events, authorises subscriptions and receives webhooks.

use pusher_http_wasm::{
    auth::authorize_channel,
    config::Config,
    encrypt::NONCE_BYTES,
    environment,
    error::Error as Refused,
    event::Event,
    request::{Call, LIBRARY},
    validate::{ChannelName, EventName, SocketId},
    webhook,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{
    Context, Date, Env, Fetch, FormEntry, Headers, Method, Request, RequestInit, Response, Result, console_log, event,
};

/// Bytes of a webhook: those of Channels are far smaller.
const MAX_WEBHOOK: usize = 1 << 20;

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let lookup = |name: &str| env.var(name).ok().map(|value| value.to_string());
    let config = match environment::read(&lookup) {
        Ok(config) => config,
        Err(error) => return Response::error(error.to_string(), 500),
    };
    if request.method() != Method::Post {
        return Response::error("Use POST", 405);
    }
    match request.path().as_str() {
        "/trigger" => trigger(&mut request, &config).await,
        "/pusher/auth" => authorize(&mut request, &config).await,
        "/webhooks" => receive(&mut request, &config).await,
        _ => Response::error("Not found", 404),
    }
}

/// What `POST /trigger` takes as JSON.
#[derive(Deserialize)]
struct Trigger {
    channel: String,
    event: String,
    data: Value,
}

async fn trigger(request: &mut Request, config: &Config) -> Result<Response> {
    let Ok(trigger) = request.json::<Trigger>().await else {
        return Response::error("The body must be JSON with `channel`, `event` and `data`", 400);
    };
    match sign(&trigger, config) {
        Ok((url, body)) => send(&url, &body).await,
        Err(error) => refuse(&error),
    }
}

/// Makes the signed URL and the body of a trigger: encrypted, if the channel's name says so.
fn sign(trigger: &Trigger, config: &Config) -> std::result::Result<(String, String), Refused> {
    let (channel, name) = (ChannelName::parse(&trigger.channel)?, EventName::parse(&trigger.event)?);
    let data = trigger.data.to_string();
    let nonce = nonce();
    let event = match config.secret_for_event(channel)? {
        Some(secret) => Event::sealed(name, secret, &data, &nonce),
        None => Event::new(name, Some(&data)),
    };
    config.check_payload(&event)?;
    let call = Call::trigger(config, &event, &[channel])?;
    let url = call.sign_url(config, Date::now().as_millis() / 1000)?;
    Ok((url, call.body().unwrap_or_default().to_owned()))
}

/// Random bytes, new for each event.
fn nonce() -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).expect("Workers have `crypto.getRandomValues`");
    nonce
}

async fn send(url: &str, body: &str) -> Result<Response> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("x-pusher-library", LIBRARY)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(body.into()));
    let answer = Fetch::Request(Request::new_with_init(url, &init)?).send().await?;
    match answer.status_code() {
        200..=299 => Response::ok("sent"),
        status => Response::error(format!("Channels answered {status}"), 502),
    }
}

/// Answers pusher-js.
async fn authorize(request: &mut Request, config: &Config) -> Result<Response> {
    let form = request.form_data().await?;
    let field = |name| match form.get(name) {
        Some(FormEntry::Field(value)) => value,
        _ => String::new(),
    };
    let (socket_id, channel) = (field("socket_id"), field("channel_name"));
    if !may_join(request, &channel) {
        return Response::error("Forbidden", 403);
    }
    match authorization(&socket_id, &channel, config) {
        Ok(answer) => Response::from_json(&answer),
        Err(error) => refuse(&error),
    }
}

/// Whether a client may join a channel. Everyone may join each channel of these kinds here: decide by your session.
fn may_join(_request: &Request, channel: &str) -> bool {
    channel.starts_with("private-") || channel.starts_with("presence-")
}

fn authorization(socket_id: &str, channel: &str, config: &Config) -> std::result::Result<Value, Refused> {
    let (socket_id, name) = (SocketId::parse(socket_id)?, ChannelName::parse(channel)?);
    let member = channel.starts_with("presence-").then(|| json!({ "user_id": "guest" }).to_string());
    let mut answer = json!({ "auth": authorize_channel(config.token()?, socket_id, name, member.as_deref()) });
    if let Some(member) = member {
        answer["channel_data"] = member.into();
    }
    if let Some(secret) = config.secret_for_client(name)? {
        answer["shared_secret"] = secret.to_base64().as_str().into();
    }
    Ok(answer)
}

/// What is read of a webhook.
#[derive(Deserialize)]
struct Webhook {
    events: Vec<WebhookEvent>,
}

#[derive(Deserialize)]
struct WebhookEvent {
    name: String,
    channel: String,
}

async fn receive(request: &mut Request, config: &Config) -> Result<Response> {
    let header = |name| request.headers().get(name).ok().flatten().unwrap_or_default();
    let (key, signature) = (header("x-pusher-key"), header("x-pusher-signature"));
    // The signature covers the bytes as they arrived.
    let body = request.bytes().await?;
    if body.len() > MAX_WEBHOOK {
        return Response::error("Too large", 413);
    }
    let Ok(token) = config.token() else { return Response::error("No key or secret is set", 500) };
    if !webhook::is_authentic([token], &key, &signature, &body) {
        return Response::error("Not authentic", 401);
    }
    let Ok(Webhook { events }) = serde_json::from_slice(&body) else {
        return Response::error("Not a webhook", 400);
    };
    for WebhookEvent { name, channel } in &events {
        console_log!("{name} {channel}");
    }
    Response::from_json(&json!({ "events": events.len() }))
}

fn refuse(error: &Refused) -> Result<Response> {
    Response::error(error.to_string(), 400)
}
