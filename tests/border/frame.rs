//! Text and bytes come out of a frame as they went in, whatever its size.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Nonce, js, left, told, write, write_frame};
use crate::{
    error::INVALID_CHANNEL,
    wasm::{
        errors::leave,
        frame::{Field, Fields, Frame},
    },
};

/// Bytes of the buffer, with those before a frame's first text.
const BUFFER: usize = 65_536;
const HEADERS: usize = 8;

/// How many fields have not been read yet.
fn count(mut fields: Fields<'_>) -> usize {
    std::iter::from_fn(|| (!fields.is_empty()).then(|| fields.next())).count()
}

/// What `read` finds in the first field of a frame of the value alone.
fn first<T>(value: &str, read: impl FnOnce(Field<'_>) -> T) -> T {
    write(&format!("[{value}]"));
    read(Frame::take().fields().next())
}

fn text(value: &str) -> Option<String> {
    first(value, |field| field.text().map(Into::into))
}

fn shown(value: &str) -> String {
    first(value, |field| field.shown().into())
}

#[wasm_bindgen_test]
fn text_is_a_strings_and_nothing_elses() {
    for same in ["", "a", "é😀\0", "forty characters and more are the host's own to encode: é😀"] {
        assert_eq!(text(&format!("{same:?}")).as_deref(), Some(same));
    }
    assert_eq!(text("'a\\ud83d' + 'b\\ude00'").as_deref(), Some("a\u{fffd}b\u{fffd}"));
    assert_eq!(text("'\\ud83d' + '\\ude00'").as_deref(), Some("😀"));
    assert_eq!(text("'a'.repeat(50) + '\\ud83d'").map(|text| text.ends_with("a\u{fffd}")), Some(true));
    for (other, as_shown) in
        [("1", "1"), ("true", "true"), ("['a', [1]]", "a,1"), ("new String('a')", "a"), ("Symbol('a')", "Symbol(a)")]
    {
        assert_eq!((text(other), shown(other)), (None, as_shown.into()));
    }
}

#[wasm_bindgen_test]
fn any_value_can_be_shown() {
    for (value, expected) in [
        ("undefined", "undefined"),
        ("null", "null"),
        ("-0", "0"),
        ("10n", "10"),
        ("{}", "[object Object]"),
        ("Object.create(null)", "object"),
        ("{ toString() { throw 1 } }", "object"),
        ("Object.assign(() => 1, { toString: undefined, valueOf: undefined })", "function"),
        ("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()", "object"),
        ("{ toString: () => 'a'.repeat(2 ** 25 + 1) }", "(too long to show)"),
    ] {
        assert_eq!(shown(value), expected, "{value}");
    }
}

#[wasm_bindgen_test]
fn what_is_left_out_is_not_what_is_wrong() {
    for (value, expected) in [("undefined", Ok(None)), ("null", Ok(None)), ("'a'", Ok(Some("a"))), ("1", Err("1"))] {
        write(&format!("[{value}]"));
        let frame = Frame::take();
        match (frame.fields().next().optional_or(INVALID_CHANNEL), expected) {
            (Ok(given), Ok(expected)) => assert_eq!(given, expected),
            (Err(error), Err(given)) => assert_eq!(error.message(), format!("Invalid channel name: '{given}'")),
            _ => panic!("{value}"),
        }
        let required = frame.fields().next().text_or(INVALID_CHANNEL);
        assert_eq!(required.is_ok(), value == "'a'", "{value}");
    }
    let error = first("undefined", |field| field.text_or(INVALID_CHANNEL).map(|_| ()).unwrap_err());
    let expected = "PusherValidationError invalid_channel channel: Invalid channel name: 'undefined'";
    leave(&error);
    assert_eq!(told(&left()), expected);
}

#[wasm_bindgen_test]
fn bytes_are_those_of_a_buffer_or_a_view() {
    for same in [
        "new Uint8Array([1, 2]).buffer",
        "new Uint8Array([0, 1, 2, 3]).subarray(1, 3)",
        "new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 1, 2)",
        "new Uint16Array([0x0201])",
        "Buffer.from([1, 2])",
        "'\\x01\\x02'",
    ] {
        assert_eq!(first(same, |field| field.bytes().map(<[u8]>::to_vec)), Some(vec![1, 2]), "{same}");
    }
    for other in ["undefined", "[1, 2]", "{}", "{ byteLength: 2 }", "{ get [Symbol.toStringTag]() { throw 1 } }"] {
        assert!(!first(other, |field| field.bytes().is_some()), "{other}");
    }
    write_frame(&js("[new Uint8Array([1, 2])]"), false);
    assert_eq!(Frame::take().fields().next().shown(), "1,2", "where no bytes are expected");
    let nonce: JsValue = Nonce::new(&js("[1, 2]")).into();
    let wrapped = js("(nonce) => [new Proxy(nonce, {}), Object.create(nonce)]").unchecked_into::<Function>();
    for (values, expected) in
        [(Array::of1(&nonce).into(), Some(&[1, 2][..])), (wrapped.call1(&JsValue::UNDEFINED, &nonce).unwrap(), None)]
    {
        write_frame(&values, false);
        let frame = Frame::take();
        let mut fields = frame.fields();
        while !fields.is_empty() {
            assert_eq!(fields.next().bytes(), expected, "only a nonce is bytes anywhere");
        }
    }
}

#[wasm_bindgen_test]
fn fields_come_in_order_and_end() {
    write("['a', undefined, new Uint8Array(3), 'é', {}]");
    let frame = Frame::take();
    let mut fields = frame.fields();
    assert_eq!(count(fields), 5);
    assert_eq!(fields.next().text(), Some("a"));
    let kept = fields;
    assert_eq!(fields.next().text(), None);
    assert_eq!(fields.next().bytes(), Some(&[0; 3][..]));
    assert_eq!(fields.next().text(), Some("é"));
    assert_eq!((fields.next().shown(), fields.is_empty(), count(fields)), ("[object Object]", true, 0));
    assert_eq!((fields.next().text(), fields.next().shown()), (None, ""));
    assert_eq!(count(kept), 4, "a copy goes on where it was made");
    drop(frame);
    write("[]");
    assert!(Frame::take().fields().is_empty());
}

#[wasm_bindgen_test]
fn a_frame_may_be_larger_than_the_buffer() {
    // JavaScript reckons with three bytes a code unit: beyond, a frame is written elsewhere, though it may yet fit.
    let reckoned = (BUFFER - HEADERS) / 3;
    // How many of each character just fill the buffer.
    for (character, filling) in [("a", 65_528_usize), ("é", 32_764), ("€", 21_842), ("😀", 16_382)] {
        for count in [reckoned, reckoned + 1, filling, filling.saturating_add(1), 100_000] {
            let value = format!("'{character}'.repeat({count})");
            assert!(text(&value) == Some(character.repeat(count)), "{value}");
            assert_eq!(text("'small'").as_deref(), Some("small"), "after {value}");
        }
    }
    for length in [BUFFER - HEADERS - 1, BUFFER - HEADERS, BUFFER - HEADERS + 1] {
        let bytes = first(&format!("new Uint8Array({length}).fill(7)"), |field| field.bytes().map(<[u8]>::to_vec));
        assert!(bytes == Some(vec![7; length]), "{length} bytes");
    }
    write(&format!("['a'.repeat({reckoned}), 'é'.repeat({reckoned}), 'b']"));
    let frame = Frame::take();
    let mut fields = frame.fields();
    assert!(fields.next().text() == Some(&*"a".repeat(reckoned)));
    assert!(fields.next().text() == Some(&*"é".repeat(reckoned)));
    assert_eq!((fields.next().text(), fields.is_empty()), (Some("b"), true));
}

#[wasm_bindgen_test]
fn the_buffer_is_found_after_the_memory_has_grown() {
    assert_eq!(text("'before'").as_deref(), Some("before"));
    core::arch::wasm32::memory_grow(0, 1);
    assert_eq!(text("'in place'").as_deref(), Some("in place"));
    let grown = vec![1_u8; 1 << 24];
    assert_eq!(text("'after'").as_deref(), Some("after"));
    assert!(text("'a'.repeat(70_000)") == Some("a".repeat(70_000)));
    drop(grown);
}

#[wasm_bindgen_test]
fn text_that_could_exhaust_memory_is_not_taken_across() {
    assert_eq!(text("'a'.repeat(2 ** 25)").map(|text| text.len()), Some(1 << 25));
    for longer in ["'a'.repeat(2 ** 25 + 1)", "new ArrayBuffer(2 ** 25 + 1)"] {
        assert_eq!((text(longer), shown(longer).as_str()), (None, "(too long to show)"));
        assert!(!first(longer, |field| field.bytes().is_some()), "{longer}");
    }
}

#[wasm_bindgen_test]
fn what_shows_itself_may_use_the_module_meanwhile() {
    let nested = js("{}");
    Reflect::set(&js("globalThis"), &"nestedFrame".into(), &nested).unwrap();
    let write_nested = Closure::<dyn Fn() -> String>::new(|| text("'nested'").unwrap());
    Reflect::set(&nested, &"toString".into(), write_nested.as_ref()).unwrap();
    write("['first', globalThis.nestedFrame, 'last']");
    let frame = Frame::take();
    let mut fields = frame.fields();
    assert_eq!([fields.next(), fields.next(), fields.next()].map(Field::shown), ["first", "nested", "last"]);
}

#[wasm_bindgen_test]
fn a_secret_does_not_stay_in_memory() {
    // Backwards wherever the test itself holds it.
    let secret = "'ufot fo dnuop a'.split('').reverse().join('')";
    let holds_it =
        js(&format!("(memory) => Buffer.from(memory.buffer).includes({secret})")).unchecked_into::<Function>();
    let is_held = || holds_it.call1(&JsValue::UNDEFINED, &wasm_bindgen::memory()).unwrap();
    // In the buffer, and in a frame that is too large for it.
    for others in ["", ", 'a'.repeat(70_000)"] {
        write(&format!("[{secret}{others}]"));
        assert_eq!(is_held(), true);
        let frame = Frame::take();
        assert!(frame.fields().next().shown().chars().rev().eq("ufot fo dnuop a".chars()));
        frame.wipe();
        assert_eq!(is_held(), false);
    }
}

#[wasm_bindgen_test]
fn a_frame_is_written_and_read_in_one_place() {
    let place = |value: &str| {
        write(&format!("[{value}]"));
        let frame = Frame::take();
        frame.fields().next().bytes().map(<[u8]>::as_ptr)
    };
    let buffer = place("'a'");
    for _ in 0..3 {
        assert_eq!(place("'b'"), buffer);
        assert_ne!(place("'a'.repeat(70_000)"), buffer);
        write("['wiped']");
        Frame::take().wipe();
    }
    assert_eq!(place("'c'"), buffer);
}

#[wasm_bindgen_test]
fn a_frame_that_was_wiped_is_an_empty_one() {
    write("['a', 'b']");
    Frame::take().wipe();
    assert!(Frame::take().fields().is_empty());
}
