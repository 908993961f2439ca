//! A frame is read as it was written, one that is malformed to its end, and an answer is whole whatever its size.

use proptest::{collection::vec, prelude::*};

use super::calls::{
    MASTER_KEY, TIME, ask, client, client_of, client_with_master_key, credentials, describe, sign, sign_query,
    unconfigured,
};
use crate::{
    error::{Error, FIELD_FAILED},
    wasm::{
        frame::{
            Answer, Field, Kind,
            frames::{Value, decode, encode, fields, plain, secret, take_answer, write},
            reserve,
        },
        operations::{POST, SIGN},
        seconds,
    },
};

fn first<T>(value: Value, read: impl FnOnce(Field<'_>) -> T) -> T {
    read(fields(&encode(&[value])).next())
}

#[test]
fn a_field_is_a_header_and_as_many_bytes() {
    // 1 byte × 8 + text; 2 bytes × 8 + text.
    let frame = [8, 0, 0, 0, b'a', 16, 0, 0, 0, 0xc3, 0xa9];
    let mut fields = fields(&frame);
    assert_eq!([fields.next().text(), fields.next().text()], [Some("a"), Some("é")]);
    assert!(fields.is_empty());
}

#[test]
fn an_answer_is_a_header_and_fields() {
    let mut answer = Answer::new();
    answer.text("é");
    answer.optional(None);
    let bytes = take_answer(answer.finish(Kind::Secret));
    // 10 bytes × 8 + secret; 2 bytes × 8 + text; 0 bytes × 8 + absent.
    assert_eq!(bytes, [81, 0, 0, 0, 16, 0, 0, 0, 0xc3, 0xa9, 2, 0, 0, 0]);
}

#[test]
fn an_answer_may_have_no_fields() {
    assert_eq!(take_answer(Answer::new().finish(Kind::Plain)), [0; 4]);
}

#[test]
fn only_a_string_is_text() {
    assert_eq!(first("é😀\0".into(), |field| field.text().map(str::to_owned)), Some("é😀\0".to_owned()));
    for value in [Value::Absent, Value::from(&b"a"[..]), Value::Failed] {
        assert_eq!(first(value.clone(), |field| field.text().map(str::to_owned)), None, "{value:?}");
    }
}

#[test]
fn strings_and_bytes_are_bytes() {
    for value in [Value::from("ab"), Value::from(&b"ab"[..])] {
        assert_eq!(first(value, |field| field.bytes().map(<[u8]>::to_vec)), Some(b"ab".to_vec()));
    }
    for value in [Value::Absent, Value::Failed] {
        assert_eq!(first(value.clone(), |field| field.bytes().map(<[u8]>::to_vec)), None, "{value:?}");
    }
}

#[test]
fn what_is_no_text_is_shown_as_none() {
    assert_eq!(first("a".into(), |field| field.shown().to_owned()), "a");
    assert_eq!(first(Value::Absent, |field| field.shown().to_owned()), "");
}

#[test]
fn a_name_is_a_string_and_anything_else_is_no_name() {
    let name = |value| first(value, |field| field.name().map(str::to_owned));
    assert_eq!(name("a".into()), Ok("a".to_owned()));
    for value in [Value::Absent, Value::from(&b"a"[..])] {
        assert_eq!(name(value), Ok(String::new()));
    }
    assert_eq!(name(Value::Failed), Err(Error::new(FIELD_FAILED, "0")));
}

#[test]
fn a_name_that_may_be_left_out_is_still_no_other_value() {
    let optional = |value| first(value, |field| field.optional_name().map(|text| text.map(str::to_owned)));
    assert_eq!(optional(Value::Absent), Ok(None));
    assert_eq!(optional("a".into()), Ok(Some("a".to_owned())));
    assert_eq!(optional(Value::from(&b"a"[..])), Ok(Some(String::new())));
    assert_eq!(optional(Value::Failed), Err(Error::new(FIELD_FAILED, "0")));
}

#[test]
fn fields_end() {
    let frame = encode(&["a".into(), Value::Absent, Value::from(&[0; 3][..])]);
    let mut fields = fields(&frame);
    let copy = fields;
    fields.skip(3);
    assert!(fields.is_empty());
    let after = fields.next();
    assert_eq!((after.text(), after.bytes(), after.shown()), (None, None, ""));
    assert!(!copy.is_empty(), "a copy goes on where it was made");
}

#[test]
fn a_field_that_is_cut_off_is_the_last_one() {
    let whole = encode(&["abc".into()]);
    for length in 1..whole.len() {
        let mut fields = fields(&whole[..length]);
        assert_eq!(fields.next().text(), None, "{length} bytes");
        assert!(fields.is_empty(), "{length} bytes");
    }
}

#[test]
fn text_that_is_not_utf_8_is_shown_as_nothing() {
    assert_eq!(fields(&[8, 0, 0, 0, 0xff]).next().shown(), "");
}

#[test]
fn a_frame_that_is_longer_than_the_memory_for_it_is_an_empty_one() {
    let client = client();
    let frame = encode(&["x".into()]);
    let length = write(frame).saturating_add(1);
    assert_eq!(decode(&take_answer(client.call(SIGN, 0.0, length))), plain([None]));
}

#[test]
fn there_is_no_address_where_there_is_no_memory() {
    let client = client();
    let length = write(encode(&["x".into()]));
    assert_eq!(reserve(usize::MAX), 0);
    assert_eq!(decode(&take_answer(client.call(SIGN, 0.0, length))), sign().message("x").ask(&client));
}

#[test]
fn an_answer_of_any_size_is_whole() {
    // Around the memory that there is from the start: 512 bytes, with a header of the answer and one of the field.
    for length in [0, 1, 503, 504, 505, 511, 512, 513, 70_000] {
        let text = "é".repeat(length);
        let mut answer = Answer::new();
        answer.text("before");
        answer.text(&text);
        answer.optional(None);
        answer.text("after");
        let answer = decode(&take_answer(answer.finish(Kind::Plain)));
        assert_eq!(answer, plain([Some("before"), Some(&text), None, Some("after")]), "{length}");
    }
}

#[test]
fn an_answer_that_outgrows_its_first_memory_is_the_cores() {
    let long = "s".repeat(500);
    let settings = credentials().key("k".repeat(300)).secret(&*long).master_key_base64(MASTER_KEY);
    let expected =
        [Some("https"), Some("localhost"), None, Some("10000"), Some(&"k".repeat(300)), Some(&long), Some(MASTER_KEY)];
    assert_eq!(describe().ask(&client_of(settings)), secret(expected));
}

#[test]
fn time_is_in_whole_seconds() {
    assert_eq!([seconds(0.0), seconds(1.0), seconds(1_353_088_179.0)], [0, 1, TIME]);
    assert_eq!([seconds(f64::NAN), seconds(-1.0), seconds(f64::INFINITY)], [0, 0, u64::MAX]);
}

#[test]
fn a_long_frame_is_read_to_its_end() {
    let value = "é".repeat(70_000);
    let answer = sign_query().method("GET").path("/").pairs([("a", &value), ("b", "last")]).ask(&client());
    assert!(answer.fields[0].as_ref().unwrap().contains("&b=last&"), "the last parameter");
    let signature = sign().message(&*value).ask(&client());
    assert_eq!(signature, sign().message(value.as_bytes()).ask(&client()));
}

/// Bytes that are often a frame, or nearly one.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let text =
        prop_oneof!["[a-z0-9.#/{}\"]{0,8}", Just("1.2".into()), Just("1".into()), Just("private-encrypted-a".into())];
    let field = (text, 0_u32..8).prop_map(|(text, kind): (String, u32)| {
        let length = u32::try_from(text.len()).unwrap();
        [&(length << 3 | kind).to_le_bytes(), text.as_bytes()].concat()
    });
    let fields = vec(field, 0..20).prop_map(|fields| fields.concat());
    prop_oneof![
        vec(any::<u8>(), 0..64),
        fields.clone(),
        (fields.clone(), any::<prop::sample::Index>()).prop_map(|(frame, end)| {
            let length = end.index(frame.len().saturating_add(1));
            frame[..length].to_vec()
        }),
        (fields, vec(any::<u8>(), 0..8)).prop_map(|(frame, rest)| [frame, rest].concat()),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_answered_to(frame in any_frame()) {
        // Also to a number that is no operation.
        for operation in 0..=POST.saturating_add(1) {
            for client in [unconfigured(), client(), client_with_master_key()] {
                ask(&client, operation, frame.clone());
            }
        }
    }
}
