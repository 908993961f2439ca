import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once as onceEvent } from "node:events"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

import { startLocalChannels } from "../../../pkg-template/testing/index.js"
import { connectRaw, sendSigned, serve, startReceiver } from "./support.mjs"

test("starts with one app on a free loopback port", async (t) => {
  const [one, two] = [await serve(t), await serve(t)]
  assert.notEqual(one.port, two.port)
  assert.equal(one.url, `http://127.0.0.1:${one.port}`)
  const [{ id, key, secret, enabled }] = one.apps
  assert.deepEqual({ id, key, secret, enabled }, { id: "app-id", key: "app-key", secret: "app-secret", enabled: true })
})

test("refuses to listen beyond loopback", async () => {
  for (const host of ["0.0.0.0", "::", "example.com"])
    await assert.rejects(startLocalChannels({ host }), /loopback only/)
})

test("rejects when the port is taken", async (t) => {
  const { port } = await serve(t)
  await assert.rejects(startLocalChannels({ port }), { code: "EADDRINUSE" })
})

test("ends open connections when it is closed, even twice", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  await Promise.all([server.close(), server.close()])
  assert.equal((await client.closed).code, 1006)
  await assert.rejects(sendSigned(server, "GET", "/apps/app-id/channels"), { code: "ECONNREFUSED" })
})

test("drops webhooks that wait for a retry when it is closed", async (t) => {
  const endpoint = await startReceiver(t, { statuses: [500] })
  const server = await serve(t, { apps: [{ webhooks: [{ url: endpoint.url }] }], webhookRetryDelays: [1_000_000] })
  const client = await connectRaw(t, server)
  client.send("pusher:subscribe", { channel: "a" })
  await client.next("pusher_internal:subscription_succeeded")
  await server.close()
  await server.webhooksIdle()
  assert.ok(endpoint.received.length <= 1)
})

test("lets the process end by itself once closed", async () => {
  const program = `
    import { WebSocket } from ${JSON.stringify(import.meta.resolve("ws"))};
    import { startLocalChannels } from ${JSON.stringify(new URL("../../../pkg-template/testing/index.js", import.meta.url).href)};
    const server = await startLocalChannels({ apps: [{ webhooks: [{ url: "http://127.0.0.1:1/" }] }] });
    server.intercept(() => ({ hang: true }));
    fetch(server.url).catch(() => {});
    const socket = new WebSocket(\`ws://\${server.host}:\${server.port}/app/app-key?protocol=7\`);
    await new Promise((resolve) => socket.once("message", resolve));
    socket.send('{"event":"pusher:subscribe","data":{"channel":"a"}}');
    await new Promise((resolve) => socket.once("message", resolve));
    await server.close();`
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    // `ws` is found from there.
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "ignore", "inherit"],
  })
  assert.deepEqual(await onceEvent(child, "exit"), [0, null])
})
