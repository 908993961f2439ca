//! What JavaScript and Rust must agree on, read from the sources of both.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::string_slice)]

use std::{collections::BTreeSet, fs, path::Path};

use pusher_http_wasm::{encrypt::NONCE_BYTES, retry::Policy};

/// The text of a file of the repository.
fn source(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text between two others, which must be there.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} after {start:?}")).0
}

/// The names and numbers of the lines `{before}NAME{middle}NUMBER{after}`, in their order.
fn constants(text: &str, before: &str, middle: &str, after: &str) -> Vec<(String, u32)> {
    let constant = |line: &str| {
        let (name, number) = line.trim().strip_prefix(before)?.strip_suffix(after)?.split_once(middle)?;
        Some((name.to_owned(), number.parse().ok()?))
    };
    text.lines().filter_map(constant).collect()
}

/// The string literals in a text, without their quotation marks.
fn literals(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

fn operations_of_rust() -> Vec<(String, u32)> {
    constants(&source("src/wasm/operations.rs"), "pub(super) const ", ": Operation = ", ";")
}

#[test]
fn operations_have_the_same_names_and_numbers() {
    let of_javascript = constants(&source("pkg-template/module/operations.js"), "export const ", " = ", "");
    assert_eq!(of_javascript, operations_of_rust());
}

#[test]
fn operations_are_numbered_in_their_order_without_gaps() {
    let numbers: Vec<u32> = operations_of_rust().into_iter().map(|(_, number)| number).collect();
    assert!(numbers.len() > 20);
    assert_eq!(numbers, (0..).take(numbers.len()).collect::<Vec<u32>>());
}

#[test]
fn every_operation_is_used_by_the_classes() {
    let classes: String = javascript("pkg-template/classes").into_iter().map(|(_, text)| text).collect();
    for (name, _) in operations_of_rust() {
        let is_used = classes.split(|char: char| !char.is_alphanumeric() && char != '_').filter(|word| *word == name);
        assert!(is_used.count() > 1, "{name} is imported and used");
    }
}

#[test]
fn fields_are_of_the_same_kinds() {
    let (javascript, rust) = (source("pkg-template/module/kinds.js"), source("src/wasm/frame.rs"));
    let javascript = between(&javascript, "// The kinds of fields.", "export const KIND_BITS");
    let of_javascript = constants(javascript, "export const ", " = ", "");
    assert_eq!(of_javascript, constants(between(&rust, "impl<'a> Field<'a> {", "\n}"), "const ", ": u32 = ", ";"));
    assert_eq!(of_javascript.len(), 4);
}

#[test]
fn answers_are_of_the_same_kinds() {
    let (javascript, rust) = (source("pkg-template/module/kinds.js"), source("src/wasm/frame.rs"));
    let (_, javascript) = javascript.split_once("// The kinds of answers.").unwrap();
    let of_javascript = constants(javascript, "export const ", " = ", "");
    let mut of_rust = constants(between(&rust, "enum Kind {", "\n}"), "", " = ", ",");
    for (name, _) in &mut of_rust {
        name.make_ascii_uppercase();
    }
    // JavaScript needs no name for the first.
    assert_eq!(of_rust.remove(0), ("PLAIN".to_owned(), 0));
    assert_eq!(of_javascript, of_rust);
    assert_eq!(of_javascript.len(), 3);
}

#[test]
fn headers_have_as_many_bits_for_the_kind() {
    let (javascript, rust) = (source("pkg-template/module/kinds.js"), source("src/wasm/frame.rs"));
    let of_javascript: u32 = between(&javascript, "const KIND_BITS = ", "\n").parse().unwrap();
    let of_rust: u32 = between(&rust, "const KIND_BITS: u32 = ", ";").parse().unwrap();
    assert_eq!(of_javascript, of_rust);
}

/// The names of the settings that JavaScript writes: `options.port` is `port`, `schemeOf(options)` is `scheme`, and a list stands for the
/// names that its function checks.
fn settings_of_javascript(options: &str) -> Vec<String> {
    let mut names = Vec::new();
    for expression in between(options, "export const settingFields = (options) => [", "\n]").lines() {
        let expression = expression.trim().trim_end_matches(',');
        if let Some((_, member)) = expression.split_once("options.") {
            names.push(member.chars().take_while(char::is_ascii_alphanumeric).collect());
        } else if let Some(function) = expression.strip_prefix("...") {
            let function = function.strip_suffix("(options)").unwrap();
            let body = between(options, &format!("const {function} = "), "\n}");
            let (_, list) = body.rsplit_once("return [").unwrap();
            names.extend(literals(list).into_iter().map(str::to_owned));
        } else if !expression.is_empty() {
            names.push(expression.strip_suffix("Of(options)").unwrap().to_owned());
        }
    }
    names
}

/// The name of the option that a setting of Rust's is.
fn option_of(setting: &str) -> String {
    if setting.starts_with("MasterKey") {
        return format!("encryption{setting}");
    }
    let (first, rest) = setting.split_at(1);
    first.to_ascii_lowercase() + rest
}

#[test]
fn settings_are_written_in_the_order_in_which_they_are_read() {
    let (javascript, rust) = (source("pkg-template/input/options.js"), source("src/wasm/options.rs"));
    let of_rust: Vec<String> = between(&rust, "const SETTINGS", "];")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Setting::"))
        .map(|setting| option_of(setting.trim_end_matches(',')))
        .collect();
    assert_eq!(settings_of_javascript(&javascript), of_rust);
}

#[test]
fn a_token_has_the_first_three_settings() {
    let settings = settings_of_javascript(&source("pkg-template/input/options.js"));
    assert_eq!(settings[..3], ["appId", "key", "secret"]);
    let fields = "[undefined, undefined, key, secret]";
    assert!(source("pkg-template/classes/token.js").contains(fields));
}

#[test]
fn encrypted_channels_have_the_same_prefix() {
    let (javascript, rust) = (source("pkg-template/input/arguments.js"), source("src/validate.rs"));
    let of_javascript = between(&javascript, "const ENCRYPTED_PREFIX = \"", "\"");
    assert_eq!(of_javascript, between(&rust, "const ENCRYPTED_PREFIX: &str = \"", "\""));
}

#[test]
fn nonces_have_the_same_length() {
    let limits = source("pkg-template/limits.js");
    assert_eq!(between(&limits, "const NONCE_BYTES = ", "\n").parse(), Ok(NONCE_BYTES));
}

#[test]
fn calls_are_repeated_as_often_and_with_the_same_delays() {
    let javascript = source("pkg-template/input/retry.js").replace('_', "");
    let limits = source("pkg-template/limits.js").replace('_', "");
    let deadline: u32 = between(&limits, "DEADLINE = ", "\n").parse().unwrap();
    let mut of_javascript: BTreeSet<(String, u32)> =
        between(&javascript, "DEFAULTRETRY = { ", ", deadline: undefined }")
            .split(", ")
            .map(|member| member.split_once(": ").unwrap())
            .map(|(name, number)| (name.to_owned(), number.parse().unwrap()))
            .collect();
    of_javascript.insert(("deadline".to_owned(), deadline));
    let Policy { attempts, base_delay, max_delay, deadline } = Policy::default();
    let of_rust = [("attempts", attempts), ("baseDelay", base_delay), ("maxDelay", max_delay), ("deadline", deadline)];
    assert_eq!(of_javascript, of_rust.map(|(name, number)| (name.to_owned(), number)).into());
}

#[test]
fn what_to_do_without_randomness_is_said_in_the_same_words() {
    let (javascript, rust) = (source("pkg-template/input/nonces.js"), source("src/error.rs"));
    let rule = between(&rust, "NO_NONCE:", ";");
    let [code, field, message, hint] = <[&str; 4]>::try_from(literals(rule)).unwrap();
    let of_javascript = literals(between(&javascript, "validationError(", "\n      )"));
    assert_eq!(of_javascript, [code, field, hint]);
    let (start, _) = message.split_once(':').unwrap();
    assert!(javascript.contains(&format!("`{start}: ${{toDisplay(exception)}}`")), "{start}");
}

/// The files of JavaScript in a folder and in those below it, by their paths.
fn javascript(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files.extend(javascript(&path));
        } else if [".js", ".cjs", ".mjs"].iter().any(|end| path.ends_with(end)) {
            let text = source(&path);
            files.push((path, text));
        }
    }
    files
}

/// The arguments of each call of a function, as they are written.
fn calls<'a>(text: &'a str, function: &str) -> Vec<Vec<&'a str>> {
    text.match_indices(&format!("{function}("))
        .filter(|(at, _)| !text[..*at].ends_with(|char: char| char.is_alphanumeric()))
        .map(|(at, call)| arguments(&text[at + call.len()..]))
        .collect()
}

/// The arguments up to the parenthesis that closes their list.
fn arguments(text: &str) -> Vec<&str> {
    let (mut arguments, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '`') => quote = Some(char),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => {
                arguments.push(text[start..at].trim());
                break;
            }
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                arguments.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments
}

/// The codes that JavaScript gives as an argument of a call: those that are written there, not in a variable.
fn codes_given_to(function: &str, position: usize) -> BTreeSet<String> {
    let files = javascript("pkg-template");
    let calls = files.iter().flat_map(|(_, text)| calls(text, function));
    calls
        .flat_map(|call| literals(call.get(position).copied().unwrap_or_default()).into_iter().map(str::to_owned))
        .collect()
}

/// The codes that are declared for a class of errors.
fn declared(class: &str) -> BTreeSet<String> {
    let types = source("pkg-template/types/index.d.ts");
    let members = between(&types, &format!("export class {class} "), "\n  }");
    literals(between(members, "readonly code:", "readonly ")).into_iter().map(str::to_owned).collect()
}

#[test]
fn codes_of_mistakes_are_those_of_the_types() {
    let rust = source("src/error.rs");
    let rules = between(&rust, "\nrules! {", "\n}");
    // A rule is NAME: "code", …
    let starts_with_name = |line: &&str| line.trim().starts_with(|char: char| char.is_ascii_uppercase());
    let of_rust = rules.lines().filter(starts_with_name).filter_map(|line| line.split_once(": \""));
    let mut codes: BTreeSet<String> = of_rust.map(|(_, rest)| rest.split('"').next().unwrap().to_owned()).collect();
    assert!(codes.len() > 10);
    let of_javascript = codes_given_to("validationError", 1);
    assert!(of_javascript.contains("invalid_argument") && of_javascript.contains("invalid_option"));
    codes.extend(of_javascript);
    codes.extend(codes_given_to("mirroredMistake", 2).iter().map(|code| format!("invalid_{code}")));
    assert_eq!(codes, declared("PusherValidationError"));
}

#[test]
fn codes_of_failed_requests_are_those_of_the_types() {
    let mut codes = codes_given_to("makeFailure", 0);
    codes.extend(codes_given_to("failWith", 0));
    assert_eq!(codes, declared("PusherRequestError"));
    let types = source("pkg-template/types/index.d.ts");
    let event = between(between(&types, "interface ResponseEvent ", "\n  }"), "code?:", "\n");
    assert_eq!(codes, literals(event).into_iter().map(str::to_owned).collect());
}
