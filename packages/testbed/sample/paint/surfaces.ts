import { clamp, glow, hex, mix, palette, ramp, scale, step } from './color.ts'
import { cells, clouds, noise, ridges } from './noise.ts'
import type { Picture } from './skies.ts'

/** Farmland from above, with a river. */
export function fields(): Picture {
  const crops = palette('#6f8f3c #a9b653 #d8c46a #c9a24e #7aa05a #4d7a3d #8b6b45 #b9cf7a')
  return (u, v) => {
    const x = u * 7 + clouds(u * 2, v * 2, 3, 5) * 0.3
    const y = v * 7 + clouds(u * 2 + 9, v * 2, 3, 6) * 0.3
    const field = cells(x, y, 4)
    const angle = field.id * 6.3
    const furrow = Math.sin((x * Math.cos(angle) + y * Math.sin(angle)) * (70 + field.id * 60))
    let color = ramp(crops, (field.id * 7.3) % 1)
    color = scale(color, 0.93 + furrow * 0.07 + clouds(u * 9, v * 9, 6, 8) * 0.35)
    const hedge = field.next - field.near
    const tree =
      step(0.35, 0.6, ridges(u * 60, v * 60, 3, 17)) *
      step(0.1, 0.03, hedge + noise(u * 30, v * 30, 2) * 0.03)
    color = mix(color, hex('#c8b48a'), step(0.03, 0.012, hedge) * 0.7)
    color = mix(color, hex('#2d4a26'), tree * 0.9)
    const river = Math.abs(v - 0.62 + (u - 0.75) * 0.25 - clouds(u * 1.7, 2.2, 4, 40) * 0.45)
    color = mix(color, hex('#345229'), step(0.06, 0.035, river + clouds(u * 30, v * 30, 4, 42) * 0.02))
    color = mix(
      color,
      mix(hex('#3d6f83'), hex('#8fb7c0'), clouds(u * 6, v * 6, 5, 44) + 0.5),
      step(0.03, 0.026, river),
    )
    return scale(color, 1.05 - step(0.05, 0.45, clouds(u * 1.3 + 4, v * 1.3, 5, 50)) * 0.4)
  }
}

/** Cracked ice on a clear lake. */
export function glacierIce(): Picture {
  const depth = palette('#04233a #08496b #1581a0 #54bccb #c2eef0')
  return (u, v) => {
    const wx = clouds(u * 3, v * 3, 5, 1) * 0.35
    const wy = clouds(u * 3 + 7, v * 3, 5, 2) * 0.35
    const cloud = clouds(u * 2 + wx * 2, v * 2 + wy * 2, 8, 3)
    let color = ramp(depth, 0.42 + cloud * 0.75 + (0.5 - v) * 0.25)
    for (const [size, width, seed] of [
      [2.2, 0.035, 5],
      [5, 0.022, 6],
      [12, 0.016, 7],
    ] as const) {
      const crack = cells((u + wx * 0.35) * size, (v + wy * 0.35) * size, seed)
      const edge = crack.next - crack.near
      color = glow(color, hex('#bdf3ff'), Math.exp(-edge / (width * 4)) * 0.16 * (0.5 + crack.id))
      color = mix(
        color,
        hex('#f2fdff'),
        step(width, width * 0.2, edge + clouds(u * 40, v * 40, 3, seed) * width) * 0.75,
      )
    }
    const bubble = cells(u * 26, v * 26, 9)
    if (bubble.id > 0.72) {
      const rim = Math.abs(bubble.near - 0.06 - bubble.id * 0.16)
      color = glow(color, hex('#e8fbff'), step(0.05, 0, rim) * 0.35 * step(-0.1, 0.4, cloud))
    }
    return glow(color, hex('#ffffff'), step(0.25, 0.7, clouds(u * 5 + 3, v * 14, 7, 12)) * 0.35)
  }
}

/** The bands of a cut and polished stone. */
export function agate(): Picture {
  const bands = palette('#2a1230 #5b1f45 #a8324c #e0703f #f5c26b #fff1cf #7fb9b0 #2f6f86 #173a5a #2a1230')
  return (u, v) => {
    const wx = clouds(u * 1.3, v * 1.3, 4, 61) * 0.55
    const wy = clouds(u * 1.3 + 4, v * 1.3 + 8, 4, 62) * 0.55
    const stone = cells((u + wx) * 1.25 + 0.3, (v + wy) * 1.25 + 0.1, 70)
    const radius =
      stone.next - stone.near + clouds(u * 7, v * 7, 5, 64) * 0.05 + clouds(u * 30, v * 30, 3, 65) * 0.006
    const band = radius * 2.6 + stone.id
    let color = ramp(bands, band - Math.floor(band))
    color = scale(color, 0.86 + 0.16 * Math.sin(band * 95) + 0.07 * Math.sin(band * 310))
    const crystal = cells(u * 34, v * 34, 66)
    color = mix(
      color,
      glow(hex('#d9cfe8'), hex('#ffffff'), (crystal.id - 0.5) * 0.7),
      step(0.62, 0.8, radius) * 0.8,
    )
    return glow(color, hex('#fff6e8'), clamp(1 - Math.hypot(u - 0.45, v - 0.2) * 1.3) * 0.14)
  }
}
