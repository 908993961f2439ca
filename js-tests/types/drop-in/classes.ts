// Classes and functions that applications build on npm `pusher`. Compiled as peer.ts is.
import Pusher from "pusher-http-wasm"

// --- options that are passed on
const withTLS = (options: Pusher.Options) => new Pusher({ ...options, useTLS: true })
const inCluster = (options: Pusher.BaseOptions) => Pusher.forCluster("eu", { ...options, timeout: 1000 })
const withDefaults = (options: Partial<Pusher.Options>): Pusher.Options => ({
  appId: "1",
  key: "key",
  secret: "secret",
  cluster: "eu",
  ...options,
})
interface ModuleOptions extends Pusher.BaseOptions {
  cluster: string
  isGlobal: boolean
}
const forRoot = ({ isGlobal, ...options }: ModuleOptions) => [isGlobal, new Pusher(options)]
class Settings {
  constructor(readonly pusher: Pusher.Options) {}
  create = () => new Pusher(this.pusher)
}
const create: (options: Pusher.Options) => Pusher = (options) => new Pusher(options)
interface Traced extends Pusher.BatchEvent {
  trace: string
}
const traced: Traced = { channel: "channel", name: "event", data: 1, trace: "x" }

// --- subclasses
interface Events {
  message: { text: string }
  left: { id: number }
}
class Narrow extends Pusher {
  trigger<Name extends keyof Events>(channel: string, event: Name, data: Events[Name]) {
    return super.trigger(channel, event, data)
  }
}
class Logging extends Pusher {
  trigger(
    channel: string | string[],
    event: string,
    data: any,
    params?: Pusher.TriggerParams,
  ): Promise<Pusher.Response> {
    return super.trigger(channel, event, data, params)
  }
  triggerBatch(events: Pusher.BatchEvent[]): Promise<Pusher.Response> {
    return super.triggerBatch(events)
  }
  get(options: Pusher.GetOptions): Promise<Pusher.Response> {
    return super.get(options)
  }
  post(options: Pusher.PostOptions): Promise<Pusher.Response> {
    return super.post(options)
  }
}
new Narrow({ appId: "1", key: "key", secret: "secret", cluster: "eu" }).trigger("channel", "message", { text: "" })
const one: Pusher = new Logging({ appId: "1", key: "key", secret: "secret", cluster: "eu" })

// --- answers
interface Answer {
  event_ids: { [channel: string]: string }
}
const read = async (pusher: Pusher) => {
  const response: Pusher.Response = await pusher.trigger("channel", "event", {}, { info: "user_count" })
  const answer: Answer = await response.json()
  const again: Answer = await (await pusher.trigger("channel", "event", {}, { info: "user_count" })).json()
  const more = (await (await pusher.trigger("channel", "event", {}, { info: "user_count" })).json()) as Answer
  const batch: Answer = await (
    await pusher.triggerBatch([{ channel: "a", name: "b", data: 1, info: "user_count" }])
  ).json()
  const { channels } = await (await pusher.get({ path: "/channels" })).json()
  return [answer.event_ids, again, more, batch, channels.any.thing]
}

// --- what the types of members are
type Authorize = typeof Pusher.prototype.authorizeChannel
const authorize: Authorize = (socketId, channel, data) => one.authorizeChannel(socketId, channel, data)
const answer: ReturnType<Pusher["authorizeChannel"]> = authorize("1.1", "private-a")
const status = async (pusher: Pusher): Promise<number> =>
  (await pusher.trigger(["a"], "event", {}, { socket_id: "1.1" })).status
const isRefused = (error: unknown): boolean => error instanceof Pusher.RequestError && error.status === 403
const parameters: Parameters<Pusher["trigger"]> = ["channel", "event", {}]
const constructed: ConstructorParameters<typeof Pusher> = [{ appId: "1", key: "key", secret: "secret", cluster: "eu" }]

void [withTLS, inCluster, withDefaults, forRoot, Settings, create, traced, one, read, answer, status, isRefused]
void [parameters, constructed]
