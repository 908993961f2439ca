// Makes the embedded server misbehave on request: for an event named `fault:…`. Pass it to `intercept`.

const answers = {
  hang: { hang: true },
  hangBody: { hangBody: true },
  reset: { reset: true },
  redirect: { status: 302, headers: { location: "/elsewhere" }, body: "" },
}

export const chooseFault = ({ body }) => answers[/"name":"fault:(\w+)"/.exec(body ?? "")?.[1]]
