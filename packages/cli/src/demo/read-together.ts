import { launchChromium } from '../chromium.ts'
import { say } from '../say.ts'
import type { StopSignal } from '../stop-signal.ts'
import { createReader, type Reader, type ReaderPlace } from './readers.ts'

/** The first three come one after the other, the others together. */
const places: readonly ReaderPlace[] = [
  { country: 'the Netherlands', address: '193.0.6.139' },
  { country: 'Japan', address: '133.11.0.1' },
  { country: 'the United States', address: '8.8.8.8' },
  { country: 'the Netherlands', address: '145.100.0.1' },
  { country: 'Japan', address: '133.5.0.1' },
  { country: 'the United States', address: '4.4.4.4' },
]
const oneByOne = 3

/** Lets headless readers read a page, all for the first time; resolves to how many did. Ctrl-C ends it early. */
export async function readTogether(url: string, stop: StopSignal): Promise<number> {
  const browser = await launchChromium()
  const readers: Reader[] = []
  const read = async (place: ReaderPlace) => {
    const reader = await createReader(browser, place, url)
    readers.push(reader)
    await reader.read()
    say.done(`a reader in ${place.country} has read the page`)
  }
  try {
    for (const place of places.slice(0, oneByOne)) {
      if (stop.isReceived()) return readers.length
      say.step(`a reader in ${place.country} opens the page`)
      await read(place)
    }
    say.step('three more open it together')
    await Promise.all(places.slice(oneByOne).map(read))
    for (const reader of readers) await reader.leave()
    return readers.length
  } finally {
    for (const reader of readers) await reader.close()
    await browser.close()
  }
}
