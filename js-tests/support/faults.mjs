const faults = {
  hang: { hang: true },
  hangBody: { hangBody: true },
  reset: { reset: true },
  redirect: { status: 302, headers: { location: "/elsewhere" }, body: "" },
}

/** Makes the embedded server misbehave for an event named `fault:…`. Pass it to `intercept`. */
export const chooseFault = ({ body }) => faults[/"name":"fault:(\w+)"/.exec(body ?? "")?.[1]]
