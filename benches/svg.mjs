// The few shapes that the charts are drawn with. Colours are of middle lightness: they can be read on light and on dark pages alike.

export const ink = "#75808c"
export const grid = "#8b949e"

const escapeMarkup = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
const attributes = (members) =>
  Object.entries(members)
    .map(([name, value]) => ` ${name}="${escapeMarkup(typeof value === "number" ? Number(value.toFixed(1)) : value)}"`)
    .join("")

export const element = (name, members, content = "") => `<${name}${attributes(members)}>${content}</${name}>`

export const text = (x, y, words, members = {}) => element("text", { x, y, fill: ink, ...members }, escapeMarkup(words))

export const line = (x1, y1, x2, y2, members = {}) => element("line", { x1, y1, x2, y2, stroke: grid, ...members })

/** A mark of its own for each series, for those who cannot tell the colours apart. */
export const mark = (shape, x, y, size, fill) => {
  const polygon = (points) =>
    element("polygon", { points: points.map(([dx, dy]) => `${x + dx * size},${y + dy * size}`).join(" "), fill })
  switch (shape) {
    case "circle":
      return element("circle", { cx: x, cy: y, r: size, fill })
    case "square":
      return element("rect", { x: x - size * 0.9, y: y - size * 0.9, width: size * 1.8, height: size * 1.8, fill })
    case "diamond":
      return polygon([
        [0, -1.25],
        [1.25, 0],
        [0, 1.25],
        [-1.25, 0],
      ])
    default:
      return polygon([
        [0, -1.2],
        [1.15, 0.9],
        [-1.15, 0.9],
      ])
  }
}

/** Positions on a logarithmic axis from `from` to `to`, at the pixels from `start` to `end`. */
export const logarithmic = (from, to, start, end) => (value) =>
  start + ((Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))) * (end - start)

/** A whole drawing; `description` is what it says to those who cannot see it. */
export const drawing = (width, height, title, description, shapes) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
  `font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">\n` +
  `${element("title", {}, escapeMarkup(title))}\n${element("desc", {}, escapeMarkup(description))}\n${shapes.join("\n")}\n</svg>\n`
