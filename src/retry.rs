//! Whether a failed call is retried, and when.
//!
//! Nothing may arrive twice. So a call that publishes is retried only if the server cannot have taken it, or if it carries a key by which the
//! server recognises the retry.
//!
//! Sources of the rules: RFC 9110, sections 9.2.2 (what may be retried), 10.2.3 (`Retry-After`) and 15.5 to 15.6 (statuses); "Exponential
//! backoff and jitter" of the AWS Architecture Blog (full jitter); the Channels HTTP API reference, "Authentication" (the clock).

/// Milliseconds by which a clock must be off to be refused, according to the HTTP API.
const CLOCK_TOLERANCE: f64 = 600_000.0;

/// How often, and with what delays, a call is retried. Times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Attempts that a call may have, the first one included.
    pub attempts: u32,
    /// The longest delay after the first attempt. It doubles with each further one.
    pub base_delay: u32,
    /// The longest delay, unless the server asks for a longer one.
    pub max_delay: u32,
    /// Time that a call may take, all its attempts and delays included.
    pub deadline: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts: 3, base_delay: 200, max_delay: 5_000, deadline: 30_000 }
    }
}

/// When it is safe to retry a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Never: the caller has ended it, or another attempt would fail in the same way.
    Never,
    /// If the server refused it: it may have published something otherwise.
    IfRefused,
    /// Always: it only asks, the server knows it by a key, or no connection was made.
    Always,
}

/// An attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failure {
    /// The answer's HTTP status; 0 if there was no answer.
    pub status: u16,
    /// When it is safe to retry the call.
    pub safety: Safety,
    /// Which attempt it was, counted from 1.
    pub attempt: u32,
    /// Milliseconds that the server asks to wait (`Retry-After`).
    pub retry_after: Option<u32>,
    /// Whether the next attempt is signed by another clock, as the one of this attempt [was off](is_clock_off).
    pub sets_clock: bool,
    /// Milliseconds since the call began.
    pub elapsed: u32,
}

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the same call may succeed later, and cannot publish anything twice.
    pub is_retryable: bool,
    /// Milliseconds to wait before the next attempt; `None` if there is none.
    pub delay: Option<u32>,
}

/// Decides what follows a failure. `random` is a number from 0 up to, but not including, 1.
///
/// ```
/// use pusher_http_wasm::retry::{Failure, Policy, Safety, judge};
///
/// let failure =
///     Failure { status: 500, safety: Safety::Always, attempt: 2, retry_after: None, sets_clock: false, elapsed: 1_000 };
/// let verdict = judge(&Policy::default(), &failure, 0.5);
/// assert_eq!(verdict.delay, Some(200));
///
/// let failure = Failure { safety: Safety::IfRefused, ..failure };
/// assert!(!judge(&Policy::default(), &failure, 0.5).is_retryable);
/// ```
// A delay is at most `max_delay`, and `random` below 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn judge(policy: &Policy, failure: &Failure, random: f64) -> Verdict {
    let Failure { status, safety, attempt, retry_after, sets_clock, elapsed } = *failure;
    let is_retryable = match status {
        _ if sets_clock => safety != Safety::Never,
        429 => safety != Safety::Never,
        503 if retry_after.is_some() => safety != Safety::Never,
        0 | 408 | 500..=599 => safety == Safety::Always,
        _ => false,
    };
    let doublings = attempt.saturating_sub(1).min(30);
    let longest = f64::from(policy.base_delay) * f64::from(1_u32 << doublings);
    let jittered = (longest.min(policy.max_delay.into()) * random) as u32;
    let delay = if sets_clock { 0 } else { jittered.max(retry_after.unwrap_or_default()) };
    let is_retried = is_retryable && attempt < policy.attempts && delay < policy.deadline.saturating_sub(elapsed);
    Verdict { is_retryable, delay: is_retried.then_some(delay) }
}

/// Decides whether a call was refused because of the clock that it was signed by. Times are in milliseconds since 1970; `server_time` is the
/// server's, in its message (then it `is_given` as the reason) or in the answer's header `Date`; NaN if there is neither.
pub fn is_clock_off(status: u16, signed_at: f64, server_time: f64, is_given: bool) -> bool {
    let tolerance = if is_given { 0.0 } else { CLOCK_TOLERANCE };
    status == 401 && (server_time - signed_at).abs() >= tolerance
}
