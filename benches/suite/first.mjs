// What a program does first: a client of its own, and the first answer to a client of its server.
import { credentials, privateChannel, socketId } from "./inputs.mjs"

const expected = "7b93dcc73aa694b3420760011355cefe0dd71185c7a4db6596b075c63ec9ef83"

export const answerFirst = async (Pusher) => {
  const { auth } = await new Pusher({ ...credentials, cluster: "eu" }).authorizeChannel(socketId, privateChannel)
  if (auth !== `${credentials.key}:${expected}`) throw new Error(`the first answer is ${auth}`)
  return auth
}
