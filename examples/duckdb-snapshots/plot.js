const WIDTH = 720
const HEIGHT = 320
const AREA = { left: 48, right: 24, top: 48, bottom: 40 }
/** Distance of two time labels, at least: an ISO time to the minute has 16 characters. */
const LABEL_WIDTH = 130

const round = (number) => Math.round(number * 10) / 10

/**
 * Draws users over time as an SVG.
 *
 * @param {{ taken_at: string, users: number }[]} points in order of time, in UTC
 */
export function plotUsers(points) {
  const times = points.map(({ taken_at }) => Date.parse(`${taken_at.replace(" ", "T")}Z`))
  const [first, last] = [times[0], times.at(-1)]
  const most = Math.max(1, ...points.map(({ users }) => users))
  const [width, height] = [WIDTH - AREA.left - AREA.right, HEIGHT - AREA.top - AREA.bottom]
  const x = (time) => round(AREA.left + (last > first ? ((time - first) / (last - first)) * width : width / 2))
  const step = findStep(most)
  const top = Math.ceil(most / step) * step
  const y = (users) => round(AREA.top + height - (users / top) * height)

  const draw = []
  for (let users = 0; users <= top; users += step) {
    draw.push(`<path d="M${AREA.left} ${y(users)}H${WIDTH - AREA.right}" stroke="#d5d5de"/>`)
    draw.push(`<text x="${AREA.left - 8}" y="${y(users) + 4}" text-anchor="end">${users}</text>`)
  }
  const every = Math.max(1, Math.ceil(times.length / Math.floor(width / LABEL_WIDTH)))
  for (const [index, time] of times.entries()) {
    if (index % every > 0) continue
    const anchor = x(time) + LABEL_WIDTH / 2 > WIDTH ? "end" : x(time) < LABEL_WIDTH / 2 ? "start" : "middle"
    const label = new Date(time).toISOString().slice(0, 16).replace("T", " ")
    draw.push(`<text x="${x(time)}" y="${HEIGHT - 14}" text-anchor="${anchor}">${label}</text>`)
  }
  const line = points.map(({ users }, index) => `${x(times[index])},${y(users)}`)
  draw.push(`<polyline points="${line.join(" ")}" fill="none" stroke="#4b45c6" stroke-width="2"/>`)
  for (const [index, { taken_at, users }] of points.entries()) {
    const place = `cx="${x(times[index])}" cy="${y(users)}"`
    draw.push(`<circle ${place} r="3.5" fill="#4b45c6"><title>${taken_at} UTC: ${users}</title></circle>`)
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#44444f">
<title>Users in presence channels over time</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${AREA.left}" y="26" font-size="16" fill="#1c1c28">Users in presence channels (times in UTC)</text>
${draw.join("\n")}
</svg>
`
}

/** Returns the distance of two lines of the grid: 1, 2 or 5 times a power of ten, for at most five lines. */
function findStep(most) {
  const power = 10 ** Math.floor(Math.log10(most / 5))
  return Math.max(
    1,
    [1, 2, 5, 10].map((times) => times * power).find((step) => most / step <= 5),
  )
}
