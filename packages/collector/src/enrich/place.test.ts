import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { CollectorError } from '../collector-error.ts'
import { mmdbFile, type MmdbValue } from './mmdb.testing.ts'
import { openPlaces, type Places } from './place.ts'

const place = (country: string, subdivision: MmdbValue) => ({
  country: { iso_code: country, names: { en: 'Somewhere' } },
  subdivisions: [subdivision, { iso_code: 'X' }],
})
const cities = mmdbFile({
  '193.0.0.0/21': place('NL', { iso_code: 'NH', names: { en: 'North Holland' } }),
  '2001:67c:2e8::/48': place('NL', { iso_code: 'NH' }),
  // DB-IP names subdivisions without a code.
  '8.8.8.0/24': place('US', { names: { en: 'California' } }),
  '9.0.0.0/8': { country: { iso_code: 'US' } },
  '133.0.0.0/8': { location: { latitude: 1 } },
  '10.0.0.0/8': place('ZZ', { iso_code: 'Z' }),
})
const systemOf = (number: number, organisation: string) => ({
  autonomous_system_number: number,
  autonomous_system_organization: organisation,
})
const systems = mmdbFile({
  '193.0.0.0/21': systemOf(3333, 'RIPE NCC'),
  '2001:67c:2e8::/48': systemOf(4_200_000_000, 'Réseau'),
  '9.0.0.0/8': { autonomous_system_number: 7 },
})

describe('places', () => {
  let directory: string
  let cityFile: string
  let asnFile: string
  let replaced: [path: string, error: string | undefined][]
  let places: Places | undefined

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'places-'))
    cityFile = join(directory, 'city.mmdb')
    asnFile = join(directory, 'asn.mmdb')
    replaced = []
    await writeFile(cityFile, cities)
    await writeFile(asnFile, systems)
  })
  afterEach(async () => {
    places?.close()
    places = undefined
    await rm(directory, { recursive: true })
  })

  const onReplaced = (path: string, error: Error | null) => {
    replaced.push([path, error?.message])
  }
  async function opened(files: { cityFile?: string; asnFile?: string }): Promise<Places> {
    places = await openPlaces({ ...files, onReplaced })
    return places
  }

  test("without the operator's files, only the country is known", async () => {
    const { placeOf } = await opened({})
    assert.deepEqual(placeOf('193.0.6.139'), { country: 'NL', subdivision: null, network: null })
  })

  test('subdivision and network come from the files, for every spelling of an address', async () => {
    const { placeOf } = await opened({ cityFile, asnFile })
    const amsterdam = {
      country: 'NL',
      subdivision: 'NL-NH',
      network: { number: 3333, organisation: 'RIPE NCC' },
    }
    assert.deepEqual(placeOf('193.0.6.139'), amsterdam)
    assert.deepEqual(placeOf('::ffff:193.0.6.139'), amsterdam)
    assert.deepEqual(placeOf('2001:67C:2e8:0::1'), {
      country: 'NL',
      subdivision: 'NL-NH',
      network: { number: 4_200_000_000, organisation: 'Réseau' },
    })
  })

  test('unknown values are null, and an unknown country comes from the embedded file', async () => {
    const { placeOf } = await opened({ cityFile, asnFile })
    assert.deepEqual(placeOf('8.8.8.8'), { country: 'US', subdivision: 'US-California', network: null })
    assert.deepEqual(placeOf('9.9.9.9'), {
      country: 'US',
      subdivision: null,
      network: { number: 7, organisation: '' },
    })
    assert.deepEqual(placeOf('133.11.0.1'), { country: 'JP', subdivision: null, network: null })
    for (const nobodys of ['10.1.2.3', '::1', 'unknown', ''])
      assert.deepEqual(placeOf(nobodys), { country: null, subdivision: null, network: null })
  })

  test('a replaced file is read again, the others are not', async () => {
    const { placeOf, refresh } = await opened({ cityFile, asnFile })
    await refresh()
    assert.deepEqual(replaced, [])
    await writeFile(join(directory, 'new'), mmdbFile({ '193.0.0.0/21': place('BE', { iso_code: 'BRU' }) }))
    await rename(join(directory, 'new'), cityFile)
    await refresh()
    assert.deepEqual(replaced, [[cityFile, undefined]])
    const { country, subdivision, network } = placeOf('193.0.6.139')
    assert.deepEqual([country, subdivision, network?.number], ['BE', 'BE-BRU', 3333])
  })

  test('a file that is replaced by a broken one, or removed, stays in use and is reported once', async () => {
    const { placeOf, refresh } = await opened({ cityFile })
    const whole = placeOf('193.0.6.139')
    for (const broken of [
      cities.subarray(0, cities.length - 200),
      Buffer.from('<html>403 Forbidden</html>'),
      Buffer.alloc(0),
      // The tree points outside the data.
      Buffer.concat([mmdbFile({ '8.8.8.0/24': 'x'.repeat(200) }).subarray(0, 1000), cities.subarray(-320)]),
    ]) {
      replaced = []
      await writeFile(cityFile, broken)
      await refresh()
      await refresh()
      assert.equal(replaced.length, 1)
      assert.notEqual(replaced[0]?.[1], undefined)
      assert.deepEqual(placeOf('193.0.6.139'), whole)
    }
    replaced = []
    await rm(cityFile)
    await refresh()
    await refresh()
    assert.equal(replaced.length, 1)
    assert.deepEqual(placeOf('193.0.6.139'), whole)
    await writeFile(cityFile, cities)
    replaced = []
    await refresh()
    assert.deepEqual(replaced, [[cityFile, undefined]])
  })

  test('a file that is missing or has another format is refused at the start', async () => {
    await writeFile(asnFile, 'no')
    for (const files of [{ cityFile: join(directory, 'none') }, { asnFile }]) {
      await assert.rejects(
        openPlaces({ ...files, onReplaced }),
        (error: unknown) => error instanceof CollectorError && error.code === 'bad-place-file',
      )
    }
  })
})
