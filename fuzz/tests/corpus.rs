//! Gives the targets what fuzzing has found worth keeping, and every beginning of it.

use std::{collections::BTreeSet, fs, path::Path};

use pusher_http_wasm_fuzz::TARGETS;

fn entries(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_target_has_a_program_and_a_corpus() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(entries("corpus"), names);
    assert_eq!(entries("fuzz_targets"), names.iter().map(|name| format!("{name}.rs")).collect());
}

#[test]
fn every_input_and_every_beginning_of_it_is_taken() {
    for (name, target) in TARGETS {
        let files = entries(&format!("corpus/{name}"));
        assert!(files.len() > 3, "{name} has a corpus");
        for file in files {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name).join(&file);
            let input = fs::read(&path).unwrap();
            println!("{name} {file}");
            for length in 0..=input.len() {
                target(&input[..length]);
            }
        }
    }
}
