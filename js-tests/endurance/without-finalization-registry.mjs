// Older and smaller hosts lack it: what the library makes for itself, it must free itself there. Imported before the package, and after spy.mjs,
// which puts it back once the package is there.
delete globalThis.FinalizationRegistry
