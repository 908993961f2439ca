// Makes Chromium's pictures smaller, to about a third: with a palette of 256 colours, which is enough for text on plain ground.
import { crc32, deflateSync, inflateSync } from "node:zlib"

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1")
const COLOURS = 256

/** @param {Buffer} png of 8 bits a channel, without transparency, as Chromium writes it */
export function shrinkPng(png) {
  const { width, height, pixels } = decode(png)
  const { palette, places } = choosePalette(pixels)
  const rows = Buffer.alloc((width + 1) * height)
  for (let index = 0; index < width * height; index++) {
    const row = Math.floor(index / width)
    rows[row + index + 1] = places.get(pixels.readUIntBE(index * 3, 3))
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = 3
  const colours = Buffer.alloc(palette.length * 3)
  for (const [index, colour] of palette.entries()) colours.writeUIntBE(colour, index * 3, 3)
  const data = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([
    SIGNATURE,
    makeChunk("IHDR", header),
    makeChunk("PLTE", colours),
    makeChunk("IDAT", data),
    makeChunk("IEND", Buffer.alloc(0)),
  ])
}

/** Keeps the most frequent colours, and gives every other the place of the nearest. */
function choosePalette(pixels) {
  const counts = new Map()
  for (let index = 0; index < pixels.length; index += 3) {
    const colour = pixels.readUIntBE(index, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const byFrequency = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one))
  const palette = byFrequency.slice(0, COLOURS)
  const findNearest = (colour) => {
    const distances = palette.map((other) => measureDistance(colour, other))
    return distances.indexOf(Math.min(...distances))
  }
  return { palette, places: new Map(byFrequency.map((colour) => [colour, findNearest(colour)])) }
}

const measureDistance = (one, other) =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0)

function decode(png) {
  const parts = []
  let width
  let height
  for (let at = SIGNATURE.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    const content = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    const type = png.toString("latin1", at + 4, at + 8)
    if (type === "IHDR") {
      width = content.readUInt32BE(0)
      height = content.readUInt32BE(4)
      if (content[8] !== 8 || content[9] !== 2)
        throw new Error("not a picture of 8 bits a channel without transparency")
    }
    if (type === "IDAT") parts.push(content)
  }
  return { width, height, pixels: removeFilters(inflateSync(Buffer.concat(parts)), width * 3, height) }
}

/** Undoes the filter of each row (PNG specification, 9.2). */
function removeFilters(filtered, stride, height) {
  const pixels = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row++) {
    const filter = filtered[row * (stride + 1)]
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column
      const left = column < 3 ? 0 : pixels[at - 3]
      const up = row === 0 ? 0 : pixels[at - stride]
      const corner = column < 3 || row === 0 ? 0 : pixels[at - stride - 3]
      const expected = [0, left, up, (left + up) >> 1, predict(left, up, corner)][filter]
      pixels[at] = filtered[at + row + 1] + expected
    }
  }
  return pixels
}

/** Returns which of the three is nearest to `left + up - corner`. */
function predict(left, up, corner) {
  const sum = left + up - corner
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(sum - value))
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function makeChunk(type, content) {
  const chunk = Buffer.alloc(content.length + 12)
  chunk.writeUInt32BE(content.length, 0)
  chunk.write(type, 4, "latin1")
  content.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, content.length + 8)), content.length + 8)
  return chunk
}
