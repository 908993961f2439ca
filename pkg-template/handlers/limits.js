// The limits of endpoints. Only constants, and no imports: so the build writes the numbers where the names are.

/** Bytes of a body that asks for authorisation. pusher-js sends a few hundred, and whatever the application adds. */
export const MAX_PARAMS_BYTES = 65_536
/** Channels that one request may ask for: as many as one trigger reaches. */
export const MAX_CHANNELS = 100
/** Characters of a member's id, and bytes of all that is known of a member (Channels documentation, "Presence channels"). */
export const MAX_ID = 128
export const MAX_MEMBER_BYTES = 1024

/** Bytes of a webhook. Those of Channels are far smaller. */
export const MAX_WEBHOOK_BYTES = 4 * 2 ** 20
/** Milliseconds after which a webhook is refused: Channels sends one again for five minutes, with the same time. */
export const MAX_WEBHOOK_AGE = 600_000
