//! Text without the standard library's own functions is what those make of it. Private, so `src/text.rs` takes this file in.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    AsciiSet, concat, decimal, has_dot_segment, parse_u32, push_zeros, split_at_byte, split_at_last,
    to_ascii_lowercase, until_byte, with_capacity,
};

fn any_text() -> impl Strategy<Value = String> {
    vec(prop_oneof![any::<char>(), select("/.:@aps0é".chars().collect::<Vec<_>>())], 0..20).prop_map(String::from_iter)
}

#[test]
fn has_room_for_what_must_not_move() {
    for count in [0, 1, 32, 1000] {
        let bytes = with_capacity(count);
        assert!(bytes.is_empty() && bytes.capacity() >= count);
    }
}

proptest! {
    #[test]
    fn a_number_is_written_and_read_as_the_standard_library_does(number in prop_oneof![any::<u64>(), 0..1000_u64, any::<u32>().prop_map(u64::from)]) {
        let digits = decimal(number);
        prop_assert_eq!(&digits, &number.to_string());
        prop_assert_eq!(parse_u32(&digits), Some(u32::try_from(number).unwrap_or(u32::MAX)));
    }

    #[test]
    fn only_digits_are_a_number(text in prop_oneof![any_text(), "[0-9+-]{0,12}"]) {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let expected = is_number.then(|| text.parse::<u128>().map_or(u32::MAX, |number| number.try_into().unwrap_or(u32::MAX)));
        prop_assert_eq!(parse_u32(&text), expected);
    }

    #[test]
    fn splits_as_the_standard_library_does(text in any_text(), byte in select(&b"/.:@aps0"[..])) {
        let char = char::from(byte);
        prop_assert_eq!(split_at_byte(&text, byte), text.split_once(char));
        prop_assert_eq!(until_byte(&text, byte), text.split(char).next().unwrap());
        for separator in ["/", "@", "/a", "aps", "é"] {
            prop_assert_eq!(split_at_last(&text, separator), text.rsplit_once(separator));
        }
    }

    #[test]
    fn finds_dot_segments_wherever_they_are(text in "[./a]{0,9}") {
        prop_assert_eq!(has_dot_segment(&text), text.split('/').any(|segment| segment == "." || segment == ".."));
    }

    #[test]
    fn joins_and_lowers_as_the_standard_library_does(parts in vec(any_text(), 0..5)) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        prop_assert_eq!(concat(&parts), parts.concat());
        prop_assert_eq!(to_ascii_lowercase(&parts.concat()), parts.concat().to_ascii_lowercase());
    }

    #[test]
    fn a_set_has_its_characters_and_no_others(members in vec(0..128_u8, 0..12), text in any_text()) {
        let (only, more) = (AsciiSet::of(&members), AsciiSet::letters_digits_and(&members));
        for byte in 0..=u8::MAX {
            prop_assert_eq!(only.contains(byte), members.contains(&byte));
            prop_assert_eq!(more.contains(byte), members.contains(&byte) || byte.is_ascii_alphanumeric());
        }
        prop_assert_eq!(only.contains_all(&text), text.bytes().all(|byte| members.contains(&byte)));
    }

    #[test]
    fn adds_just_as_many_zeros(start in vec(any::<u8>(), 0..5), count in 0..5000_usize) {
        let mut bytes = start.clone();
        push_zeros(&mut bytes, count);
        prop_assert_eq!(bytes, [start, vec![0; count]].concat());
    }
}
