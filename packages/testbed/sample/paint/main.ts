// Writes one picture, or all frames of the film, as raw RGB to standard output: make.sh encodes them.
// node main.ts NAME WIDTH HEIGHT [FRAMES]
import { once } from 'node:events'
import { stdout } from 'node:process'
import { clamp } from './color.ts'
import { canyon, dunes, mountainLake } from './landscapes.ts'
import { random } from './noise.ts'
import { aurora, dawnRidges, nebula, openSea, type Picture } from './skies.ts'
import { agate, fields, glacierIce } from './surfaces.ts'
import { sunrise } from './sunrise.ts'

const pictures: Readonly<Record<string, (width: number, height: number) => Picture>> = {
  agate,
  aurora,
  canyon,
  'dawn-ridges': dawnRidges,
  dunes,
  fields,
  'glacier-ice': glacierIce,
  'mountain-lake': mountainLake,
  nebula,
  'open-sea': openSea,
}

const [name = '', widthText, heightText, framesText = '1'] = process.argv.slice(2)
const width = Number(widthText)
const height = Number(heightText)
if (name === 'sunrise') {
  const film = sunrise(width, height)
  const frames = Number(framesText)
  for (let frame = 0; frame < frames; frame++) await write(film(frame / (frames - 1)), 0)
} else {
  const picture = pictures[name]
  if (picture === undefined) throw new Error(`no picture is called "${name}"`)
  await write(picture(width, height), 0.035)
}

/** `grain` is the film's: it hides the steps between shades. */
async function write(picture: Picture, grain: number): Promise<void> {
  const pixels = Buffer.alloc(width * height * 3)
  let offset = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const speck = (random(x, y, 1) + random(x, y, 2) - 1) * grain
      for (const light of picture((x + 0.5) / height, (y + 0.5) / height))
        pixels[offset++] = clamp(light + speck) * 255
    }
  }
  if (!stdout.write(pixels)) await once(stdout, 'drain')
}
