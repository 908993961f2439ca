// The reader's application, for programs that import "./app.js", and as globals for those that do not.
const kept = new Set()
export const findUser = async () => ({ id: "alice", name: "Alice", rooms: ["private-a", "presence-lobby"] })
export const save = async () => {}
export const show = () => {}
export const greet = () => {}
export const keep = () => {}
export const store = { has: async (key) => kept.has(key), add: async (key) => void kept.add(key) }
export const userIds = ["alice", "bob"]
export const roomNames = ["room-1", "room-2", "room-3"]
export async function* readEvents() {
  for (const name of ["first", "second"]) yield { channel: "news", name, data: { text: name } }
}
