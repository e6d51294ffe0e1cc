import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import worldAddress from 'world-atlas/countries-50m.json?url'
import { countryCodeOf } from '../../report/country-codes.ts'
import { project } from './projection.ts'

/** A country on the map. */
export interface MapCountry {
  /** ISO 3166-1 alpha-2; null for a territory without one. */
  readonly code: string | null
  /** The path of its outline. */
  readonly path: string
  /** The middle of its largest part. */
  readonly centre: readonly [number, number]
  /** Whether it is too small to be seen or pointed at. */
  readonly isSmall: boolean
}

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

/** Loads the outlines of all countries. @throws {Error} if the server does not answer */
export async function loadCountries(): Promise<readonly MapCountry[]> {
  const response = await fetch(worldAddress)
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  const world = (await response.json()) as World
  const shapes: MapCountry[] = []
  let began = performance.now()
  for (const country of world.objects.countries.geometries) {
    if (performance.now() - began > sliceMs) {
      await new Promise((resolve) => setTimeout(resolve))
      began = performance.now()
    }
    const shape = countryOf(world, country)
    if (shape !== null) shapes.push(shape)
  }
  return shapes
}

/** A phone needs a second for all outlines. In slices of this time, ms, the page answers its reader meanwhile. */
const sliceMs = 10

type Country = World['objects']['countries']['geometries'][number]

function countryOf(world: World, country: Country): MapCountry | null {
  if (country.type !== 'Polygon' && country.type !== 'MultiPolygon') return null
  const { id, properties } = country
  const polygons =
    country.type === 'Polygon'
      ? [feature(world, country).geometry.coordinates]
      : feature(world, country).geometry.coordinates
  const rings = polygons.flatMap((polygon) => polygon.flatMap(unrolled)).map((ring) => ring.map(project))
  const code = countryCodeOf(id === undefined ? undefined : String(id).padStart(3, '0'), properties?.name)
  // Antarctica would take a quarter of the map.
  return code === 'AQ' ? null : { code, ...shapeOf(rings) }
}

function shapeOf(rings: readonly (readonly (readonly [number, number])[])[]): Omit<MapCountry, 'code'> {
  const path = rings.map((ring) => `M${ring.map(([x, y]) => `${tenth(x)} ${tenth(y)}`).join('L')}Z`).join('')
  const boxes = rings.map(boxOf).toSorted((a, b) => areaOf(b) - areaOf(a))
  const [largest] = boxes
  if (largest === undefined) return { path, centre: [0, 0], isSmall: true }
  const centre = [(largest.left + largest.right) / 2, (largest.top + largest.bottom) / 2] as const
  return { path, centre, isSmall: areaOf(largest) < 60 }
}

const degrees = 360

/**
 * Returns a ring whose longitudes have no jump. A ring that crosses the 180th meridian is there twice: each has what is on one
 * side, and the rest lies on the map's edge.
 */
function unrolled(ring: readonly (readonly number[])[]): (readonly number[])[][] {
  let turn = 0
  let before = ring[0]?.[0] ?? 0
  const whole = ring.map(([longitude = 0, latitude = 0]) => {
    if (longitude - before > degrees / 2) turn -= degrees
    if (longitude - before < -degrees / 2) turn += degrees
    before = longitude
    return [longitude + turn, latitude]
  })
  const longitudes = whole.map(([longitude = 0]) => longitude)
  const beyond =
    Math.max(...longitudes) > degrees / 2 ? -degrees : Math.min(...longitudes) < -degrees / 2 ? degrees : 0
  if (beyond === 0) return [whole]
  return [whole, whole.map(([longitude = 0, latitude = 0]) => [longitude + beyond, latitude])].map(withinMap)
}

function withinMap(ring: readonly (readonly number[])[]): (readonly number[])[] {
  const edge = degrees / 2
  return ring.map(([longitude = 0, latitude = 0]) => [Math.min(edge, Math.max(-edge, longitude)), latitude])
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function boxOf(ring: readonly (readonly [number, number])[]): Box {
  const start = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity }
  return ring.reduce<Box>(
    (box, [x, y]) => ({
      left: Math.min(box.left, x),
      right: Math.max(box.right, x),
      top: Math.min(box.top, y),
      bottom: Math.max(box.bottom, y),
    }),
    start,
  )
}

function areaOf({ left, right, top, bottom }: Box): number {
  return (right - left) * (bottom - top)
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
