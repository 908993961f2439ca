//! What JavaScript asks for, by number. `pkg-template/module/operations.js` has the same list, with the fields of each; `tests/operations.rs`
//! compares the two.

/// A number in the list.
pub(super) type Operation = u32;

pub(super) const FROM_OPTIONS: Operation = 0;
pub(super) const FROM_URL: Operation = 1;
pub(super) const FOR_CLUSTER: Operation = 2;
pub(super) const FROM_ENVIRONMENT: Operation = 3;
pub(super) const TOKEN: Operation = 4;
pub(super) const ENVIRONMENT_NAMES: Operation = 5;
pub(super) const DESCRIBE: Operation = 6;

pub(super) const AUTHORIZE: Operation = 7;
pub(super) const AUTHENTICATE: Operation = 8;
pub(super) const SIGN_QUERY: Operation = 9;
pub(super) const SHARED_SECRET: Operation = 10;
pub(super) const DECRYPT: Operation = 11;
pub(super) const SIGN: Operation = 12;
pub(super) const VERIFY: Operation = 13;
pub(super) const IS_JSON: Operation = 14;
pub(super) const PACK: Operation = 15;

pub(super) const CHANNELS: Operation = 16;
pub(super) const CHANNEL: Operation = 17;
pub(super) const CHANNEL_USERS: Operation = 18;
pub(super) const TERMINATE: Operation = 19;
pub(super) const TRIGGER: Operation = 20;
pub(super) const BATCH: Operation = 21;
pub(super) const GET: Operation = 22;
pub(super) const POST: Operation = 23;

/// Whether the operation configures a client.
pub(super) const fn is_configuration(operation: Operation) -> bool {
    matches!(operation, FROM_OPTIONS | FROM_URL | FOR_CLUSTER | FROM_ENVIRONMENT | TOKEN)
}

/// Whether the operation's answer is a request.
pub(super) const fn is_request(operation: Operation) -> bool {
    matches!(operation, CHANNELS | CHANNEL | CHANNEL_USERS | TERMINATE | TRIGGER | BATCH | GET | POST)
}
