//! A Rust program for wasm that depends on the crate gets functions and nothing else: no exports, no imports, no allocator.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The program: it has an allocator of its own, so it does not compile if the crate sets one, too.
const PROGRAM: &str = r#"
use pusher_http_wasm::{
    config::{Config, Setting},
    event::Event,
    request::Request,
    validate::{ChannelName, EventName},
};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: System = System;

#[unsafe(no_mangle)]
pub extern "C" fn length_of_url() -> usize {
    let settings = [(Setting::AppId, "3"), (Setting::Key, "key"), (Setting::Secret, "secret")];
    let url = Config::new(settings).and_then(|config| {
        let event = Event::new(EventName::parse("foo")?, Some("{}"));
        Ok(Request::trigger(&config, &event, &[ChannelName::parse("a")?], 1)?.url)
    });
    url.map_or(0, |url| url.len())
}
"#;

/// A folder with the program as a package, locked to the versions that this crate is locked to.
fn package() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wasm-without-npm");
    fs::create_dir_all(package.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n\
         [dependencies]\npusher-http-wasm = {{ path = '{}' }}\n[workspace]\n",
        root.display()
    );
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::write(package.join("src/lib.rs"), PROGRAM).unwrap();
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    package
}

/// The program as a module; `None` if this machine's compiler has no library for wasm.
fn module() -> Option<Vec<u8>> {
    let query = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output().unwrap();
    let library = String::from_utf8(query.stdout).unwrap();
    if !Path::new(library.trim()).is_dir() {
        return None;
    }
    let package = package();
    let build = Command::new(env!("CARGO"))
        .current_dir(&package)
        .args(["build", "--offline", "--target", TARGET, "--target-dir", "target"])
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    Some(fs::read(package.join("target").join(TARGET).join("debug/program.wasm")).unwrap())
}

/// The unread bytes of a module.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> usize {
        let byte = usize::from(self.take(1)[0]);
        if byte < 0x80 { byte } else { (byte & 0x7f) | self.number() << 7 }
    }

    fn name(&mut self) -> String {
        let length = self.number();
        String::from_utf8(self.take(length).to_vec()).unwrap()
    }
}

/// The content of a module's section of that number; `None` if there is none.
fn section(module: &[u8], number: u8) -> Option<&[u8]> {
    let mut reader = Reader(module.strip_prefix(b"\0asm\x01\0\0\0").unwrap());
    while !reader.0.is_empty() {
        let id = reader.take(1)[0];
        let length = reader.number();
        let content = reader.take(length);
        if id == number {
            return Some(content);
        }
    }
    None
}

#[test]
fn a_wasm_program_has_its_own_exports_and_no_imports() {
    let Some(module) = module() else {
        println!("skipped: rustup target add {TARGET}");
        return;
    };
    let mut exports = Reader(section(&module, 7).unwrap());
    let mut names: Vec<String> = (0..exports.number())
        .map(|_| {
            let name = exports.name();
            let _kind = exports.take(1);
            let _index = exports.number();
            name
        })
        .collect();
    names.sort();
    // But for the function, every module that rustc makes has them.
    assert_eq!(names, ["__data_end", "__heap_base", "length_of_url", "memory"]);
    assert_eq!(section(&module, 2), None, "imports");
}
