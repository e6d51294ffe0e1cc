/** Red, green and blue, ratio 0-1, as the screen shows them. */
export type Color = readonly [number, number, number]

/** Where a point falls in a list of colours that are spread evenly over 0-1. */
export function ramp(colors: readonly Color[], position: number): Color {
  const scaled = clamp(position) * (colors.length - 1)
  const index = Math.min(Math.floor(scaled), colors.length - 2)
  return mix(colors[index]!, colors[index + 1]!, scaled - index)
}

export function mix(from: Color, to: Color, ratio: number): Color {
  const t = clamp(ratio)
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t]
}

/** Adds light: `amount` of a colour on top of what is there. */
export function glow(color: Color, light: Color, amount: number): Color {
  return [color[0] + light[0] * amount, color[1] + light[1] * amount, color[2] + light[2] * amount]
}

export function scale(color: Color, factor: number): Color {
  return [color[0] * factor, color[1] * factor, color[2] * factor]
}

export function hex(text: string): Color {
  const value = Number.parseInt(text.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

export function palette(text: string): readonly Color[] {
  return text.split(' ').map(hex)
}

export function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}

/** Rises from 0 at `from` to 1 at `to`, without corners. */
export function step(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from))
  return t * t * (3 - 2 * t)
}
