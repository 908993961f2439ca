//! A client: signs with the crate, sends with reqwest, and retries what is safe to retry.

use std::{
    error::Error,
    fmt,
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use pusher_http_wasm::{
    config::Config,
    request::{Call, LIBRARY, Method},
    retry::{Failure, Policy, Safety, judge},
    status::about_status,
};
use reqwest::{
    blocking::{Client, Response},
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect,
};

/// A call that failed, after its last attempt. It never shows the URL, which holds a signature.
#[derive(Debug)]
pub struct CallFailed {
    /// The answer's status; 0 if there was no answer.
    pub status: u16,
    /// The server's own words, or the network's.
    pub reason: String,
}

impl fmt::Display for CallFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, hint) = about_status(self.status);
        write!(f, "{message}")?;
        if !hint.is_empty() {
            write!(f, ". {hint}")?;
        }
        // A server that refuses a signature repeats it.
        if self.status == 401 { Ok(()) } else { write!(f, " ({})", self.reason.trim()) }
    }
}

impl Error for CallFailed {}

/// Sends calls to Channels.
pub struct Channels {
    config: Config,
    http: Client,
    policy: Policy,
}

impl Channels {
    /// Makes a client.
    ///
    /// # Errors
    /// If reqwest cannot have its TLS.
    pub fn new(config: Config) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .timeout(Duration::from_millis(config.timeout().into()))
            // A redirect would send the signature elsewhere.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self { config, http, policy: Policy::default() })
    }

    /// Returns how it is configured.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Sends a call and returns the answer's JSON. Each attempt is signed anew, since a signature is valid for ten minutes only.
    ///
    /// # Errors
    /// A [`CallFailed`], or what the crate says of the call.
    pub fn send(&self, call: &Call) -> Result<String, Box<dyn Error>> {
        let begin = Instant::now();
        for attempt in 1.. {
            let (failed, safety, retry_after) = match self.attempt(call)? {
                Ok(answer) if answer.status().is_success() => return Ok(answer.text()?),
                Ok(answer) => {
                    let safety = if call.method() == Method::Get { Safety::Always } else { Safety::IfRefused };
                    let retry_after = read_retry_after(&answer);
                    let status = answer.status().as_u16();
                    (CallFailed { status, reason: answer.text().unwrap_or_default() }, safety, retry_after)
                }
                Err(error) => {
                    // Without a connection, nothing can have been published.
                    let is_safe = call.method() == Method::Get || error.is_connect();
                    let safety = if is_safe { Safety::Always } else { Safety::IfRefused };
                    (CallFailed { status: 0, reason: error.without_url().to_string() }, safety, None)
                }
            };
            let elapsed = begin.elapsed().as_millis().try_into().unwrap_or(u32::MAX);
            let failure = Failure { status: failed.status, safety, attempt, retry_after, sets_clock: false, elapsed };
            match judge(&self.policy, &failure, random()).delay {
                Some(delay) => sleep(Duration::from_millis(delay.into())),
                None => return Err(failed.into()),
            }
        }
        unreachable!("the policy ends the loop")
    }

    fn attempt(&self, call: &Call) -> Result<Result<Response, reqwest::Error>, Box<dyn Error>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let url = call.sign_url(&self.config, now)?;
        let request = match call.body() {
            None => self.http.get(url),
            Some(body) => self.http.post(url).header(CONTENT_TYPE, "application/json").body(body.to_owned()),
        };
        Ok(request.header("x-pusher-library", LIBRARY).send())
    }
}

/// Reads how many milliseconds the server asks to wait. (It may also give a date, which this example leaves out.)
fn read_retry_after(answer: &Response) -> Option<u32> {
    let seconds: u32 = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    seconds.checked_mul(1000)
}

/// Returns a number from 0 up to 1, so that clients do not all retry at once. Any will do: the clock's last digits.
fn random() -> f64 {
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.subsec_nanos());
    f64::from(nanoseconds % 1_000_000) / 1_000_000.0
}
