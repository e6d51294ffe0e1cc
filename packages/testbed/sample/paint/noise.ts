/** The same number, 0-1, for the same cell on every machine. */
export function random(x: number, y: number, seed = 0): number {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(seed + 1, 1274126177)
  h = Math.imul(h ^ (h >>> 13), 1103515245)
  h = Math.imul(h ^ (h >>> 16), 2246822519)
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296
}

/** Smooth noise between about -1 and 1, one hill per unit. */
export function noise(x: number, y: number, seed = 0): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const u = x - x0
  const v = y - y0
  const su = u * u * u * (u * (u * 6 - 15) + 10)
  const sv = v * v * v * (v * (v * 6 - 15) + 10)
  const top = slope(x0, y0, u, v, seed) * (1 - su) + slope(x0 + 1, y0, u - 1, v, seed) * su
  const bottom = slope(x0, y0 + 1, u, v - 1, seed) * (1 - su) + slope(x0 + 1, y0 + 1, u - 1, v - 1, seed) * su
  return (top * (1 - sv) + bottom * sv) * 1.5
}

/** Noise upon finer noise: clouds. Between about -1 and 1. */
export function clouds(x: number, y: number, octaves: number, seed = 0): number {
  let sum = 0
  let size = 0.5
  for (let octave = 0; octave < octaves; octave++) {
    sum += noise(x, y, seed + octave) * size
    // Turned a little each time, so that the grid of no octave shows through.
    const turned = x * 1.6 + y * 1.2
    y = y * 1.6 - x * 1.2
    x = turned
    size *= 0.5
  }
  return sum
}

/** Sharp crests and wide valleys: mountains. Between 0 and about 1. */
export function ridges(x: number, y: number, octaves: number, seed = 0): number {
  let sum = 0
  let size = 0.5
  let weight = 1
  for (let octave = 0; octave < octaves; octave++) {
    const crest = (1 - Math.abs(noise(x, y, seed + octave))) ** 2 * weight
    sum += crest * size
    weight = Math.min(1, crest * 1.6)
    const turned = x * 1.6 + y * 1.2
    y = y * 1.6 - x * 1.2
    x = turned
    size *= 0.5
  }
  return sum
}

/** Distance to the nearest and the second nearest of scattered points, and a number for the nearest. */
export function cells(x: number, y: number, seed = 0): { near: number; next: number; id: number } {
  let near = 9
  let next = 9
  let id = 0
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  for (let cy = y0 - 1; cy <= y0 + 1; cy++) {
    for (let cx = x0 - 1; cx <= x0 + 1; cx++) {
      const distance = Math.hypot(cx + random(cx, cy, seed) - x, cy + random(cx, cy, seed + 7) - y)
      if (distance < near) {
        next = near
        near = distance
        id = random(cx, cy, seed + 13)
      } else if (distance < next) next = distance
    }
  }
  return { near, next, id }
}

function slope(x: number, y: number, dx: number, dy: number, seed: number): number {
  const angle = random(x, y, seed) * Math.PI * 2
  return Math.cos(angle) * dx + Math.sin(angle) * dy
}
