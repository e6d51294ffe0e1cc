import { clamp, type Color, glow, hex, mix, palette, ramp, scale, step } from './color.ts'
import { clouds, noise, random, ridges } from './noise.ts'

/** The colour at a point: `u` from the left, 0-1.5, `v` from the top, 0-1. */
export type Picture = (u: number, v: number) => Color

/** Seven ridges in the haze before sunrise. */
export function dawnRidges(): Picture {
  const sky = palette('#2b3a67 #5d5a8c #b56f87 #f0a173 #ffd49a')
  const far = hex('#eab08c')
  const near = hex('#141a33')
  return (u, v) => {
    let color = ramp(sky, v / 0.55)
    const streak = step(0.02, 0.45, clouds(u * 1.4, v * 7, 6, 3)) * step(0.5, 0.1, v)
    color = mix(color, hex('#ffc6a3'), streak * 0.65)
    color = glow(color, hex('#ffcf85'), Math.exp(-Math.hypot(u - 0.98, (v - 0.46) * 1.4) * 4) * 0.6)
    color = glow(color, hex('#fff3d0'), step(0.045, 0.038, Math.hypot(u - 0.98, v - 0.46)))
    for (let layer = 0; layer < 7; layer++) {
      const t = layer / 6
      const crest =
        0.47 +
        t * 0.42 -
        (ridges(u * (0.9 + t * 1.1) + layer * 9, layer * 3.7, 7, layer) - 0.35) * (0.16 + t * 0.12)
      if (v < crest) continue
      const depth = (v - crest) / 0.2
      const rock = mix(far, near, t ** 0.7)
      color = mix(rock, mix(far, rock, 0.35 + t * 0.3), step(0, 1, depth) * (1 - t * 0.6))
      color = scale(color, 1 + clouds(u * 40, v * 70, 4, layer) * 0.1 * t)
    }
    return color
  }
}

/** Northern lights over a forest. */
export function aurora(): Picture {
  const trees = Array.from({ length: 130 }, (_, index) => ({
    u: random(index, 1) * 1.6 - 0.05,
    top: 0.8 - random(index, 2) ** 2 * 0.26,
    lean: 3.4 + random(index, 3) * 2,
  }))
  return (u, v) => {
    let color = ramp(palette('#050a1c #0a1a35 #12395a #1f5a6b'), v * 1.1)
    const star = random(Math.floor(u * 620), Math.floor(v * 620), 5)
    if (star > 0.9975) color = glow(color, hex('#dfe9ff'), ((star - 0.9975) / 0.0025) ** 2 * (1 - v))
    for (let curtain = 0; curtain < 3; curtain++) {
      const foot = 0.36 + curtain * 0.12 + clouds(u * 1.3 + curtain * 4, curtain * 2.3, 4, 11) * 0.32
      const above = foot - v
      const rays = 0.55 + 0.45 * noise(u * 26 + noise(u * 3, v * 2, 9) * 2, v * 1.2 + curtain, 21)
      const light =
        (above > 0 ? Math.exp(-above * 6.5) : Math.exp(above * 60)) * rays * (0.85 - curtain * 0.15)
      color = glow(color, ramp(palette('#3dff9a #35e0a0 #4a7fd6 #a04bd0'), above * 3.2), light * 0.8)
    }
    for (const tree of trees) {
      const below = v - tree.top
      if (below < 0) continue
      const bough = below / tree.lean - ((below * 46 + tree.u * 7) % 1) * 0.008 * Math.min(1, below * 14)
      if (Math.abs(u - tree.u) < Math.max(0.0012, bough))
        return scale(hex('#061019'), 0.7 + random(Math.floor(u * 900), Math.floor(v * 900)) * 0.8)
    }
    const snow = 0.87 + clouds(u * 2, 1, 4, 31) * 0.05
    if (v > snow)
      color = scale(
        mix(hex('#17424f'), hex('#0b1d2c'), (v - snow) * 7),
        0.9 + clouds(u * 30, v * 90, 4, 33) * 0.3,
      )
    return color
  }
}

/** Gas and stars. */
export function nebula(): Picture {
  return (u, v) => {
    const wx = clouds(u * 2, v * 2, 5, 1)
    const wy = clouds(u * 2 + 5, v * 2 + 3, 5, 2)
    const gas = clouds(u * 1.6 + wx * 1.5, v * 1.6 + wy * 1.5, 8, 3) + 0.14
    const dust = ridges(u * 2.2 + wy, v * 2.2 + wx, 8, 8)
    const band = Math.exp(-(((v - 0.85 + u * 0.5) * 2.3) ** 2))
    let color = ramp(
      palette('#05060f #0b1030 #40246b #a33f7d #f07c6c #ffe0b0'),
      clamp(gas * 1.5 + 0.25) * band * 1.15,
    )
    color = glow(
      color,
      hex('#2f8fc8'),
      step(0.05, 0.7, clouds(u * 2.4 - wy, v * 2.4 + wx, 7, 14) + 0.15) * band * 0.55,
    )
    color = scale(color, 1 - step(0.5, 0.85, dust) * 0.75 * band)
    for (const [grid, rarity, size] of [
      [420, 0.988, 0.35],
      [120, 0.988, 0.3],
      [26, 0.975, 0.11],
    ] as const) {
      const cx = Math.floor(u * grid)
      const cy = Math.floor(v * grid)
      const luck = random(cx, cy, grid)
      if (luck < rarity) continue
      const distance = Math.hypot(u * grid - cx - 0.5, v * grid - cy - 0.5)
      const tint = mix(hex('#ffd9b0'), hex('#b9d4ff'), random(cx, cy, 3))
      color = glow(
        color,
        tint,
        (step(size, 0, distance) ** 2 + Math.exp(-distance * 9) * 0.5 * step(0.5, 0.3, distance)) *
          (0.3 + 0.7 * random(cx, cy, 4)),
      )
    }
    return color
  }
}

/** The open sea against the evening sun. */
export function openSea(): Picture {
  const sky = palette('#21406f #4b78a6 #9fb6bd #f3cf9b #ffe9bf')
  const light = (v: number, u: number): Color => {
    const base = mix(ramp(sky, v / 0.42), hex('#fff2dc'), step(0.0, 0.5, clouds(u * 1.8, v * 6, 7, 4)) * 0.6)
    return glow(base, hex('#ffd28a'), Math.exp(-Math.hypot(u - 0.72, (v - 0.33) * 1.2) * 6) * 0.8)
  }
  return (u, v) => {
    if (v < 0.42) return glow(light(v, u), hex('#fff6df'), step(0.04, 0.032, Math.hypot(u - 0.72, v - 0.33)))
    const distance = 0.06 / (v - 0.4185)
    const east = (u - 0.75) * distance * 14
    const north = distance * 16
    const swell = clouds(east * 0.35 + 3, north * 0.9, 7, 6)
    const next = clouds(east * 0.35 + 3, (north - 0.05) * 0.9, 7, 6)
    const tilt = ((swell - next) / 0.05) * Math.min(1, 2.2 / distance)
    const mirror = light(clamp(0.36 - tilt * 0.16 - (v - 0.42) * 0.3), u + clouds(east, north, 3, 9) * 0.05)
    const deep = mix(hex('#0c2f45'), hex('#1d5c6b'), 0.5 + swell)
    let color = mix(deep, mirror, clamp(0.22 + tilt * 0.35 + Math.exp(-(v - 0.42) * 9) * 0.55))
    const path = Math.exp(-(((u - 0.72) / (0.05 + (v - 0.42) * 0.25)) ** 2))
    color = glow(
      color,
      hex('#ffdf9e'),
      path * step(0.25, 0.9, tilt + noise(east * 3, north * 6, 12) * 0.5) * 0.9,
    )
    return mix(color, light(0.4, u), step(0.03, 0, v - 0.42) * 0.5)
  }
}
