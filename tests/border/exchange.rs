//! An exchange ends when it should, and leaves nothing behind.

use js_sys::{Function, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{get, js, ok, pusher, settings, thrown, told};
use crate::wasm::{
    convert::shown,
    errors::Thrown,
    interrupt::{Interrupt, caller_signal},
};

async fn rejection(promise: Result<Promise, Thrown>) -> JsValue {
    JsFuture::from(ok(promise)).await.expect_err("the promise resolved")
}

/// An `AbortSignal` by its shape, which counts who listens and calls `listener` when told to.
const SIGNAL: &str = "{
    aborted: false, reason: undefined, listeners: [],
    addEventListener(type, listener) { this.listeners.push(listener) },
    removeEventListener(type, listener) { this.listeners = this.listeners.filter((other) => other !== listener) },
    abort(reason) { Object.assign(this, { aborted: true, reason }); this.listeners.forEach((listener) => listener({})) },
}";

/// Puts timers in place of the host's that run when told to; `restore` takes them away.
const TIMERS: &str = "(() => {
    const { setTimeout, clearTimeout } = globalThis
    const timers = { set: [], cleared: [], restore: () => Object.assign(globalThis, { setTimeout, clearTimeout }) }
    globalThis.setTimeout = (callback, ms, argument) => timers.set.push({ ms, fire: () => callback(argument) })
    globalThis.clearTimeout = (timer) => timers.cleared.push(timer)
    return timers
})()";

fn call(object: &JsValue, path: &str) {
    let (this, _) = path.rsplit_once('.').unwrap_or_default();
    let this = if this.is_empty() { object.clone() } else { get(object, this) };
    let function: Function = get(object, path).unchecked_into();
    function.call1(&this, &"the reason".into()).unwrap();
}

fn listening(signal: &JsValue) -> JsValue {
    get(signal, "listeners.length")
}

#[wasm_bindgen_test]
async fn an_interrupt_ends_a_step_when_the_time_is_over() {
    let timers = js(TIMERS);
    let interrupt = ok(Interrupt::new(1000, None));
    call(&timers, "restore");
    assert_eq!((get(&timers, "set.length"), get(&timers, "set.0.ms")), (1.into(), 1000.into()));
    call(&timers, "set.0.fire");
    let failure = interrupt.race(&js("new Promise(() => {})").unchecked_into()).await.err().unwrap();
    assert_eq!((failure.code(), get(&failure.cause, "name")), ("timeout", "AbortError".into()));
    assert!(interrupt.signal().aborted() && !interrupt.is_aborted());
}

#[wasm_bindgen_test]
async fn an_interrupt_ends_a_step_when_the_caller_aborts() {
    let signal = js(SIGNAL);
    let interrupt = ok(Interrupt::new(0, ok(caller_signal(signal.clone()))));
    assert_eq!(listening(&signal), 1);
    let step = js("new Promise(() => {})").unchecked_into();
    let step = interrupt.race(&step);
    call(&signal, "abort");
    let failure = step.await.err().unwrap();
    assert_eq!((failure.code(), failure.cause), ("aborted", "the reason".into()));
    assert!(interrupt.signal().aborted());
    drop(interrupt);
    assert_eq!(listening(&signal), 0);
}

#[wasm_bindgen_test]
async fn an_interrupt_that_is_not_needed_leaves_nothing_behind() {
    let (timers, signal) = (js(TIMERS), js(SIGNAL));
    let interrupt = ok(Interrupt::new(1000, ok(caller_signal(signal.clone()))));
    let result = interrupt.race(&js("Promise.resolve(7)").unchecked_into()).await;
    assert_eq!(result.ok(), Some(7.into()));
    let failure = interrupt.race(&js("Promise.reject(8)").unchecked_into()).await.err().unwrap();
    assert_eq!((failure.code(), failure.cause), ("network", 8.into()));
    assert!(!interrupt.signal().aborted());
    drop(interrupt);
    assert_eq!((listening(&signal), get(&timers, "cleared.length")), (0.into(), 1.into()));
    assert_eq!(get(&timers, "cleared.0"), 1, "the timer that was set");
    drop(Interrupt::new(0, None));
    call(&timers, "restore");
    assert_eq!(get(&timers, "set.length"), 1, "no timer without a timeout");
}

#[wasm_bindgen_test]
async fn a_promise_rejects_with_what_was_wrong_and_outlives_its_client() {
    let trigger = |options: &str| {
        let pusher = pusher(&format!("host: 'h', {options}"));
        pusher.trigger(&"a".into(), &"e".into(), &"x".into(), &JsValue::UNDEFINED)
    };
    let request_error = |code: &str, message: &str| format!("PusherRequestError {code} undefined: {message}");
    for (fetch, cause) in [
        ("() => { throw new TypeError('down') }", "TypeError: down"),
        ("async () => { throw 'down' }", "down"),
        ("async () => undefined", "Error: `fetch` resolved to something that is no Response"),
        ("async () => ({ status: 200, arrayBuffer() { throw 'cut' } })", "cut"),
        ("async () => ({ status: 200, arrayBuffer: async () => { throw 'cut' } })", "cut"),
    ] {
        let error = rejection(trigger(&format!("fetch: {fetch}"))).await;
        assert_eq!(told(&error), request_error("network", "Request failed with an error"), "{fetch}");
        assert_eq!(shown(&get(&error, "error")), cause);
        assert!(Object::is(&get(&error, "error"), &get(&error, "cause")));
    }
    let error = rejection(trigger("fetch: async () => new Response('no', { status: 500 })")).await;
    assert_eq!(told(&error), request_error("http", "Unexpected status code 500"));
    assert_eq!((get(&error, "status"), get(&error, "body")), (500.into(), "no".into()));
    let answer = ok(JsFuture::from(ok(trigger("fetch: async () => new Response('{}', { status: 202 })"))).await);
    assert_eq!(get(&answer, "status"), 202);
}

/// Tells `resolved`, `rejected` or `pending`, and keeps an exception that nobody could catch from ending the run.
const OUTCOME: &str = "async (promise) => {
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', () => {})
    const pending = new Promise((resolve) => setTimeout(resolve, 200, 'pending'))
    const outcome = await Promise.race([promise.then(() => 'resolved', () => 'rejected'), pending])
    process.removeAllListeners('uncaughtException')
    before.forEach((listener) => process.on('uncaughtException', listener))
    return outcome
}";

#[wasm_bindgen_test]
async fn a_promise_is_settled_whatever_throws_while_the_request_is_made() {
    let broken = "{ get authorization() { throw new Error('boom') } }";
    for options in [format!("headers: {broken}"), format!("fetchOptions: {{ headers: {broken} }}")] {
        assert_eq!(
            get(&thrown(settings(&format!("{{ {options} }}"))), "cause.message"),
            "boom",
            "told by the constructor"
        );
    }
    for options in [
        "fetch: async () => ({ status: 200, arrayBuffer: async () => new ArrayBuffer(0) })",
        "fetch: async () => ({ status: 200, arrayBuffer: async () => new ArrayBuffer(0), get headers() { throw 1 } })",
        "fetch: async () => ({ get status() { throw 1 } })",
        "fetch: async () => ({ status: 200, get arrayBuffer() { throw 1 } })",
    ] {
        let pusher = pusher(&format!("host: 'h', timeout: 0, {options}"));
        let promise = ok(pusher.trigger(&"a".into(), &"e".into(), &"x".into(), &JsValue::UNDEFINED));
        let outcome = js(OUTCOME).unchecked_into::<Function>().call1(&JsValue::UNDEFINED, &promise).unwrap();
        let outcome = JsFuture::from(outcome.unchecked_into::<Promise>()).await.unwrap();
        assert_ne!(outcome, "pending", "{options}");
    }
}
