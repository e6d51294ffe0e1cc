import { launchChromium } from './chromium.ts'
import type { Progress } from '../progress.ts'
import { createReader, type Reader, type ReaderPlace } from './reader.ts'

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

/** How readers read a page together. */
export interface ReadTogetherOptions {
  readonly progress: Progress
  /** No further reader opens the page after an abort. */
  readonly signal: AbortSignal
}

/** Lets headless readers read a page, each for the first time. Resolves to the number of readers. */
export async function readTogether(url: string, { progress, signal }: ReadTogetherOptions): Promise<number> {
  const browser = await launchChromium()
  const readers: Reader[] = []
  const read = async (place: ReaderPlace) => {
    const reader = await createReader(browser, place, url)
    readers.push(reader)
    await reader.read()
    progress.done(`a reader in ${place.country} has read the page`)
  }
  try {
    for (const place of places.slice(0, oneByOne)) {
      if (signal.aborted) return readers.length
      progress.step(`a reader in ${place.country} opens the page`)
      await read(place)
    }
    progress.step('three more open it together')
    await Promise.all(places.slice(oneByOne).map(read))
    for (const reader of readers) await reader.leave()
    return readers.length
  } finally {
    for (const reader of readers) await reader.close()
    await browser.close()
  }
}
