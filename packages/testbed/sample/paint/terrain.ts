/** A landscape as the camera sees it: per pixel what was hit. `distance` is 0 where there is only sky. */
export interface View {
  readonly width: number
  readonly height: number
  readonly horizon: number
  readonly distance: Float32Array
  readonly east: Float32Array
  readonly north: Float32Array
}

export type Height = (east: number, north: number) => number

export interface Camera {
  readonly width: number
  readonly height: number
  /** Height of the eye above zero. */
  readonly eye: number
  /** Where the horizon lies, ratio of the picture's height from the top. */
  readonly horizon: number
  readonly far: number
}

/** Looks north over a landscape, column by column and from near to far. */
export function look(camera: Camera, heightAt: Height): View {
  const { width, height, eye, horizon, far } = camera
  const distance = new Float32Array(width * height)
  const east = new Float32Array(width * height)
  const north = new Float32Array(width * height)
  const focal = width * 0.9
  for (let x = 0; x < width; x++) {
    const side = (x + 0.5 - width / 2) / focal
    let filled = height
    let near = 0.05
    for (let z = near; z < far && filled > 0; z *= 1.0022) {
      const top = Math.max(0, Math.ceil(horizon * height - ((heightAt(side * z, z) - eye) / z) * focal))
      for (let y = filled - 1; y >= top; y--) {
        const z1 = filled === top ? z : near + ((z - near) * (filled - y)) / (filled - top)
        distance[y * width + x] = z1
        east[y * width + x] = side * z1
        north[y * width + x] = z1
      }
      filled = Math.min(filled, top)
      near = z
    }
  }
  return { width, height, horizon, distance, east, north }
}

/** The upright unit vector of the ground, as [east, up, north]. */
export function normalAt(
  heightAt: Height,
  east: number,
  north: number,
  reach: number,
): [number, number, number] {
  const here = heightAt(east, north)
  const x = (here - heightAt(east + reach, north)) / reach
  const z = (here - heightAt(east, north + reach)) / reach
  const length = Math.hypot(x, 1, z)
  return [x / length, 1 / length, z / length]
}

/** How high the ground stands against a light from that side, as a tangent: a lower sun leaves the point in shadow. */
export function skyline(
  heightAt: Height,
  east: number,
  north: number,
  towards: readonly [number, number],
): number {
  const here = heightAt(east, north)
  let highest = -1
  for (let reach = 0.03; reach < 3; reach *= 1.35) {
    highest = Math.max(
      highest,
      (heightAt(east + towards[0] * reach, north + towards[1] * reach) - here) / reach,
    )
  }
  return highest
}
