// How the embedded server misbehaves on request: when an event is named `fault:…`. For its `intercept`.

const answers = {
  hang: { hang: true },
  hangBody: { hangBody: true },
  reset: { reset: true },
  redirect: { status: 302, headers: { location: "/elsewhere" }, body: "" },
}

export const faults = ({ body }) => answers[/"name":"fault:(\w+)"/.exec(body ?? "")?.[1]]
