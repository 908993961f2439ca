//! The border's fuzz target. `fuzz/` calls it; `src/wasm/mod.rs` takes this file in where the compiler is told `--cfg fuzzing`.

use super::{
    Client, answer_error,
    frame::{
        Answer, Field, Kind,
        frames::{Answered, Value, decode, encode, fields, take_answer},
    },
    operations::{DESCRIBE, FROM_OPTIONS, POST},
};

/// Gives every operation any bytes as its frame. Panics unless the frame is read as it stands, and each answer is whole and depends on
/// nothing but the frame.
pub fn answer_any_frame(frame: &[u8]) {
    check_fields(frame);
    let texts =
        |texts: &[&str]| -> Vec<u8> { encode(&texts.iter().map(|text| Value::from(*text)).collect::<Vec<_>>()) };
    // Sources first, then settings: app id, key, secret, host.
    let plain = configured(&texts(&["", "3", "key", "tofu", "localhost"]));
    let key = "0123456789abcdef0123456789abcdef";
    let sealing = configured(&texts(&["", "3", "key", "tofu", "localhost", "", "", "", "https", key]));
    // Also a number that is no operation.
    for operation in 0..=POST.saturating_add(1) {
        for client in [&plain, &sealing] {
            assert_eq!(ask(client, operation, frame), ask(client, operation, frame));
        }
        let fresh = Client::new();
        let answer = ask(&fresh, operation, frame);
        let described = ask(&fresh, DESCRIBE, &[]);
        let is_configured = described.kind == Kind::Secret && described.fields.len() == 7;
        assert_eq!(is_configured, operation <= 4 && answer.kind == Kind::Plain, "{answer:?}");
    }
}

fn configured(frame: &[u8]) -> Client {
    let client = Client::new();
    let answer = ask(&client, FROM_OPTIONS, frame);
    assert_eq!((answer.kind, answer.fields.len()), (Kind::Plain, 5), "{answer:?}");
    client
}

/// Calls an operation as `call` does, without the memory that JavaScript writes into.
fn ask(client: &Client, operation: u32, frame: &[u8]) -> Answered {
    let mut answer = Answer::new();
    let address = match client.run(operation, fields(frame), 1_353_088_179, &mut answer) {
        Ok(kind) => answer.finish(kind),
        Err(error) => answer_error(&error),
    };
    let answer = decode(&take_answer(address));
    if matches!(answer.kind, Kind::Error | Kind::Failure) {
        assert_eq!(answer.fields.len(), 5);
        assert!(answer.fields[0].as_ref().is_some_and(|code| !code.is_empty()));
        assert!(answer.fields[2].as_ref().is_some_and(|message| !message.is_empty()));
    }
    answer
}

/// Reads a frame beside another reader of the same form.
fn check_fields(frame: &[u8]) {
    let (mut unread, mut rest) = (fields(frame), frame);
    while !rest.is_empty() {
        let whole = rest.split_at_checked(4).and_then(|(header, rest)| {
            let header = u32::from_le_bytes(header.try_into().unwrap());
            let (bytes, rest) = rest.split_at_checked(usize::try_from(header >> 3).unwrap())?;
            Some((header & 7, bytes, rest))
        });
        assert!(!unread.is_empty());
        let field = unread.next();
        let Some((kind, bytes, after)) = whole else {
            assert!(field.bytes().is_none() && field.text().is_none() && unread.is_empty());
            return;
        };
        assert_eq!(field.bytes(), (kind < 2).then_some(bytes));
        assert_eq!(field.text(), (kind == 0).then(|| std::str::from_utf8(bytes).unwrap_or_default()));
        assert_eq!(field.made().is_err(), kind == 3);
        assert_eq!(Field::is_bytes(field), kind == 1);
        rest = after;
    }
    assert!(unread.is_empty() && unread.next().bytes().is_none());
}
