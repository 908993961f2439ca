// What a program might print of a value.

/** Returns what `console.log` shows of a value; `undefined` where the host does not tell. */
export const inspected = async (value, options = {}) => {
  const { Deno, Bun } = globalThis
  const inspect = Deno?.inspect ?? Bun?.inspect ?? (await import("node:util").catch(() => undefined))?.inspect
  // Bun also shows the lines of the program around an error.
  return inspect?.(value, { depth: 10, ...options }).replace(/^\d+ \| .*$/gm, "")
}

/** Returns what `console.log`, `String` and `JSON.stringify` show of a value, as far as the runtime tells. */
export const printed = async (value) =>
  [JSON.stringify(value), String(value), await inspected(value), value?.message, value?.stack].join("\n")
