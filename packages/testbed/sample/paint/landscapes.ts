import { clamp, type Color, glow, hex, mix, palette, ramp, scale, step } from './color.ts'
import { clouds, noise, ridges } from './noise.ts'
import type { Picture } from './skies.ts'
import { type Height, look, normalAt, skyline } from './terrain.ts'

interface Light {
  /** Unit vector to the sun: [east, up, north]. */
  readonly sun: readonly [number, number, number]
  readonly warm: Color
  readonly shade: Color
}

/** Peaks and their reflection at the blue hour's end. */
export function mountainLake(width: number, height: number): Picture {
  const level = 0
  const ground: Height = (east, north) => {
    const shore =
      step(2.2, 6, north + clouds(east * 0.5, 1, 3, 3) * 2) + step(1.2, 4, Math.abs(east + 0.4)) * 0.12
    return (
      ridges(east * 0.23 + 4, north * 0.23, 9, 20) * 2.6 * shore -
      0.35 +
      clouds(east * 2, north * 2, 3, 5) * 0.02
    )
  }
  const view = look({ width, height, eye: 0.22, horizon: 0.56, far: 22 }, ground)
  const light: Light = { sun: [-0.74, 0.36, -0.56], warm: hex('#ffd9a8'), shade: hex('#3f5580') }
  const sky = (u: number, v: number): Color =>
    mix(
      ramp(palette('#2f5c9c #6f9ccb #c9d5dc #fbdcb6'), v / 0.56),
      hex('#fff0df'),
      step(0.02, 0.5, clouds(u * 1.7, v * 5, 7, 8)) * 0.7,
    )
  const scene: Picture = (u, v) => {
    const at = pixel(view, u, v)
    const distance = view.distance[at] ?? 0
    if (distance === 0) return sky(u, v)
    const east = view.east[at]!
    const north = view.north[at]!
    const normal = normalAt(ground, east, north, 0.012)
    const altitude = ground(east, north)
    const snow =
      step(0.25, 0.75, altitude + noise(east * 5, north * 5, 2) * 0.15) * step(0.35, 0.62, normal[1])
    const wood = mix(hex('#2c4630'), hex('#51623a'), clouds(east * 14, north * 14, 4, 6) + 0.5)
    const rock = mix(wood, hex('#6f6a68'), step(0.05, 0.35, altitude) + step(0.75, 0.5, normal[1]))
    const lit = shine(
      mix(rock, hex('#f4f6fb'), snow),
      normal,
      skyline(ground, east, north, [-0.8, -0.6]),
      light,
    )
    return mix(lit, hex('#b9c6d8'), 1 - Math.exp(-distance * 0.045))
  }
  return (u, v) => {
    const at = pixel(view, u, v)
    const water = v > 0.56 && ground(view.east[at]!, view.north[at]!) < level
    if (!water) return scene(u, v)
    const reach = 0.1 / (v - 0.553)
    const ripple = clouds(u * reach * 9, reach * 26, 5, 15) * (v - 0.55) * 0.11
    const mirrored = scene(clamp((u + ripple * 0.4) / 1.5) * 1.5, clamp(1.115 - v + ripple))
    return mix(mirrored, hex('#143a52'), 0.18 + (v - 0.56) * 0.85)
  }
}

/** A desert in low light. */
export function dunes(width: number, height: number): Picture {
  const ground: Height = (east, north) => {
    const bend = clouds(east * 0.35, north * 0.35, 3, 4) * 1.6
    const phase = (north * 0.5 + east * 0.22 + bend) % 1
    const wave = phase < 0 ? phase + 1 : phase
    const profile = wave < 0.72 ? step(-0.25, 0.72, wave) : 1 - step(0.68, 1.06, wave)
    return (
      profile * (0.42 + clouds(east * 0.2, north * 0.2, 2, 9) * 0.5) +
      clouds(east * 0.6, north * 0.6, 3, 2) * 0.12
    )
  }
  const view = look({ width, height, eye: 1.15, horizon: 0.3, far: 30 }, ground)
  const light: Light = { sun: [-0.78, 0.42, 0.46], warm: hex('#ffd29a'), shade: hex('#7a4a48') }
  return (u, v) => {
    const at = pixel(view, u, v)
    const distance = view.distance[at]!
    const haze = hex('#f3cfa6')
    if (distance === 0)
      return glow(
        ramp(palette('#4f86b8 #9cbccb #f0d3ae'), v / 0.3),
        hex('#fff0d5'),
        Math.exp(-Math.hypot(u - 0.2, v - 0.17) * 5) * 0.5,
      )
    const east = view.east[at]!
    const north = view.north[at]!
    const normal = normalAt(ground, east, north, 0.02)
    const ripple =
      Math.sin((north * 30 + east * 9) * 1.6 + clouds(east * 3, north * 3, 3, 7) * 7) *
      0.1 *
      Math.exp(-distance * 0.22)
    const grain = 1 + clouds(east * 50, north * 50, 3, 3) * 0.09
    const lit = shine(
      scale(hex('#e2a463'), grain),
      [normal[0] + ripple, normal[1], normal[2] + ripple],
      skyline(ground, east, north, [-0.86, 0.51]),
      light,
    )
    return mix(lit, haze, 1 - Math.exp(-distance * 0.05))
  }
}

/** Red rock in layers. */
export function canyon(width: number, height: number): Picture {
  const ground: Height = (east, north) => {
    const course = Math.abs(
      east - 0.4 - Math.sin(north * 0.55) * 1.1 - clouds(east * 0.5, north * 0.5, 4, 8) * 1.7,
    )
    const wall = step(0.15, 3.2, course + clouds(east * 1.4, north * 1.4, 6, 12) * 0.55) * 7
    const level = Math.floor(wall)
    return (level + step(0.55, 1, wall - level)) * 0.34 + clouds(east * 3, north * 3, 4, 3) * 0.05 - 1
  }
  const view = look({ width, height, eye: 1.95, horizon: 0.27, far: 26 }, ground)
  const light: Light = { sun: [0.62, 0.62, -0.48], warm: hex('#ffe0b4'), shade: hex('#5b4560') }
  const strata = palette('#8a3b24 #b5532d #d98a4e #efc08a #a8452b #cf7a44 #7a3326 #e0a06a')
  return (u, v) => {
    const at = pixel(view, u, v)
    const distance = view.distance[at]!
    if (distance === 0)
      return mix(
        ramp(palette('#2c6fb5 #7fb2dc #e3e6e0'), v / 0.3),
        hex('#ffffff'),
        step(0.06, 0.5, clouds(u * 2.2, v * 5, 7, 18)) * 0.85,
      )
    const east = view.east[at]!
    const north = view.north[at]!
    const altitude = ground(east, north)
    const normal = normalAt(ground, east, north, 0.015)
    const layer = altitude * 2.4 + clouds(east, north, 3, 6) * 0.16
    let color = mix(
      ramp(strata, layer - Math.floor(layer)),
      ramp(strata, (layer * 5.3) % 1 < 0 ? 0.4 : (layer * 5.3) % 1),
      0.4,
    )
    color = mix(
      color,
      mix(hex('#7f8a4d'), hex('#c99a63'), clouds(east * 9, north * 9, 4, 2) + 0.6),
      step(0.86, 0.97, normal[1]) * 0.65,
    )
    color = scale(color, 1 + clouds(east * 24, north * 24, 4, 9) * 0.3)
    return mix(
      shine(color, normal, skyline(ground, east, north, [0.79, -0.61]), light),
      hex('#c3cfdc'),
      1 - Math.exp(-distance * 0.045),
    )
  }
}

function pixel(view: { width: number; height: number }, u: number, v: number): number {
  const x = Math.min(view.width - 1, Math.floor(u * view.height))
  return Math.min(view.height - 1, Math.floor(v * view.height)) * view.width + x
}

/** Ground under the sun and the sky; `skylineTangent` against the sun's height decides what lies in shadow. */
export function shine(
  ground: Color,
  normal: readonly [number, number, number],
  skylineTangent: number,
  light: Light,
): Color {
  const { sun, warm, shade } = light
  const tangent = sun[1] / Math.hypot(sun[0], sun[2])
  const open = step(0.06, -0.06, skylineTangent - tangent)
  const direct = Math.max(0, normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2]) * open * 1.25
  const sky = 0.35 + normal[1] * 0.3
  return [
    ground[0] * (warm[0] * direct + shade[0] * sky),
    ground[1] * (warm[1] * direct + shade[1] * sky),
    ground[2] * (warm[2] * direct + shade[2] * sky),
  ]
}
