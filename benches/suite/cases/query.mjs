// The signed query string of a request that the program sends itself.
import { credentials, dataOf } from "../inputs.mjs"

const path = `/apps/${credentials.appId}/events`

const queryCase = (name, bytes) => ({
  name,
  variants: ({ ours, pusher, edge, byHand, nodeCrypto }) => {
    const request = { method: "POST", path, body: JSON.stringify(dataOf(bytes)) }
    return {
      ours: () => ours.createSignedQueryString(request),
      pusher: pusher && (() => pusher.createSignedQueryString(request)),
      edge: () => edge.createSignedQueryString(request),
      "by hand": () => byHand.signedQuery("POST", path, request.body),
      "node:crypto": nodeCrypto && (() => nodeCrypto.signedQuery("POST", path, request.body)),
    }
  },
})

export const query = [queryCase("signed query 0.2 KB", 200), queryCase("signed query 10 KB", 10_000)]
