// The module's tasks. Not by the host's `queueMicrotask`: where a test has faked it (Jest does), they would never run, and none after them.

const resolved = Promise.resolve()

/** Runs the task soon. The module also asks whether the host has a `queueMicrotask`, and is told that it has not. */
export const queueTask = (task) => {
  if (typeof task === "function") resolved.then(task)
}

/** Whether there is a `queueMicrotask`: no, which is 0. */
export const noMicrotasks = () => 0
