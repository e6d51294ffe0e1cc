import { clamp, type Color, glow, hex, mix, palette, ramp, scale, step } from './color.ts'
import { shine } from './landscapes.ts'
import { clouds, ridges } from './noise.ts'
import type { Picture } from './skies.ts'
import { type Height, look, normalAt, skyline } from './terrain.ts'

const zenith = palette('#141b3d #2a3f74 #4a7bb5 #6ba3d6')
const rim = palette('#6b3d5e #e2745a #ffb56b #ffe2b0 #e8eef0')

/** Morning comes to a mountain valley. The film's time is 0-1; what the sun can't change is worked out once. */
export function sunrise(width: number, height: number): (time: number) => Picture {
  const ground: Height = (east, north) =>
    ridges(east * 0.2 + 2, north * 0.2 + 1, 8, 33) * (0.5 + step(3, 14, north) * 2.6) +
    step(0.6, 3.4, Math.abs(east)) * 0.5 -
    0.7
  const view = look({ width, height, eye: 0.75, horizon: 0.56, far: 34 }, ground)
  const normals = new Float32Array(width * height * 3)
  const skylines = new Float32Array(width * height)
  const soil = new Float32Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    if (view.distance[at] === 0) continue
    const east = view.east[at]!
    const north = view.north[at]!
    const normal = normalAt(ground, east, north, 0.012 + view.distance[at]! * 0.002)
    normals.set(normal, at * 3)
    skylines[at] = skyline(ground, east, north, [0.45, 0.89])
    const grass = mix(hex('#4d5f35'), hex('#8a8350'), clouds(east * 6, north * 6, 4, 6) + 0.5)
    const rock = mix(grass, hex('#7c7370'), step(0.5, 1.1, ground(east, north)) + step(0.8, 0.55, normal[1]))
    soil.set(
      mix(rock, hex('#f3f5fa'), step(1.15, 1.6, ground(east, north)) * step(0.4, 0.7, normal[1])),
      at * 3,
    )
  }
  return (time) => {
    const tangent = -0.08 + time * 0.44
    const length = Math.hypot(1, tangent)
    const light = {
      sun: [0.45 / length, tangent / length, 0.89 / length] as const,
      warm: scale(ramp(palette('#ff6a3c #ffb066 #ffe3b8'), time * 1.4), step(-0.08, 0.1, tangent) * 1.7),
      shade: ramp(palette('#262b52 #56608f #8ba0c4'), time * 1.3),
    }
    const sunU = 0.89
    const sunV = 0.56 - tangent * 0.85
    const air = (u: number, v: number): Color => {
      const base = mix(ramp(zenith, time), ramp(rim, time * 0.85 + 0.05), (v / 0.58) ** 1.8)
      const cloud = step(0.0, 0.45, clouds(u * 1.5 + time * 0.5, v * 5 + time * 0.12, 5, 12))
      const lit = mix(base, ramp(palette('#5d3a63 #ff8f6b #ffd9ae #ffffff'), time * 1.1), cloud * 0.7)
      const distance = Math.hypot(u - sunU, v - sunV)
      return glow(
        lit,
        hex('#ffc27a'),
        Math.exp(-distance * 4.5) * (0.25 + 0.35 * step(-0.1, 0.15, tangent) - time * 0.2),
      )
    }
    return (u, v) => {
      const at =
        Math.min(height - 1, Math.floor(v * height)) * width + Math.min(width - 1, Math.floor(u * height))
      const distance = view.distance[at]!
      if (distance === 0)
        return glow(air(u, v), hex('#fff4d6'), step(0.046, 0.036, Math.hypot(u - sunU, v - sunV)))
      const normal = [normals[at * 3]!, normals[at * 3 + 1]!, normals[at * 3 + 2]!] as const
      const lit = shine([soil[at * 3]!, soil[at * 3 + 1]!, soil[at * 3 + 2]!], normal, skylines[at]!, light)
      const haze = air(u, 0.5)
      const mist = Math.exp(-clamp(ground(view.east[at]!, view.north[at]!) + 0.75) * 5) * 0.5
      return mix(lit, haze, clamp(1 - Math.exp(-distance * 0.05) + mist * (1 - Math.exp(-distance * 0.25))))
    }
  }
}
