#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| pusher_http_wasm_fuzz::percent_coding(input));
