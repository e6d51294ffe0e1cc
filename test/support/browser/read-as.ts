import { createReader, launchChromium, type Reader } from '@peerpress/testbed'
import { createHash } from 'node:crypto'

/** What a reader's page got, besides being read. */
export interface ReadingRecord {
  readonly reader: Reader
  /** SHA-256 in hex of every whole picture the page got, by address. */
  readonly pictures: ReadonlyMap<string, string>
  /** What went wrong in the page: exceptions that nobody caught. */
  readonly errors: readonly string[]
}

/** A reader in a Chromium process of its own with a fresh profile. `closers` gets what must be closed afterwards. */
export async function readerInOwnChromium(options: {
  readonly url: string
  /** Where the server thinks the reader is. @default '193.0.6.139' */
  readonly address?: string
  readonly closers: (() => Promise<unknown>)[]
}): Promise<ReadingRecord> {
  const { url, address = '193.0.6.139', closers } = options
  const browser = await launchChromium()
  closers.push(() => browser.close())
  const reader = await createReader(browser, { country: '', address }, url)
  closers.push(() => reader.close())
  const pictures = new Map<string, string>()
  const errors: string[] = []
  reader.page.on('pageerror', (error) => errors.push(String(error)))
  reader.page.on('response', (response) => {
    const isPicture = response.request().resourceType() === 'image' && response.url().startsWith('http')
    if (response.status() !== 200 || !isPicture) return
    response.buffer().then(
      (body) => pictures.set(response.url(), createHash('sha256').update(body).digest('hex')),
      // A body that the browser has let go of already is not in the record; the tests count.
      () => undefined,
    )
  })
  return { reader, pictures, errors }
}
