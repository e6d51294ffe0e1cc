/** Size of the map, in units of its own. Its southern end is cut: nobody lives there. */
export const mapSize = { width: 960, height: 440 } as const

const scale = 175.3

/**
 * Projects a longitude and a latitude in degrees by the Natural Earth projection, whose shapes are familiar.
 * See B. Šavrič and others, "A polynomial equation for the Natural Earth projection" (2011).
 */
export function project([longitude = 0, latitude = 0]: readonly number[]): readonly [number, number] {
  const lambda = (longitude * Math.PI) / 180
  const phi = (latitude * Math.PI) / 180
  const square = phi * phi
  const fourth = square * square
  const x =
    lambda *
    (0.8707 - 0.131979 * square + fourth * (-0.013791 + fourth * (0.003971 * square - 0.001529 * fourth)))
  const y =
    phi * (1.007226 + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth)))
  return [mapSize.width / 2 + x * scale, 252 - y * scale]
}
