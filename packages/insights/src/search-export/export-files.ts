import { unzipSync } from 'fflate'
import { InsightsError } from '../insights-error.ts'

/** A table of an export, as text. */
export interface ExportFile {
  readonly name: string
  readonly text: string
}

/** bytes */
const maxFileBytes = 4 * 1024 ** 2
const maxAllBytes = 8 * 1024 ** 2
const maxFiles = 20

/**
 * Returns the tables in the zip that Search Console exports, or the one table if it is no zip.
 * @param name for messages
 * @throws {InsightsError} `bad-export`
 */
export function exportFiles(bytes: Uint8Array, name: string): ExportFile[] {
  if (!isZip(bytes)) return [{ name, text: textOf(bytes, name) }]
  return unzipped(bytes, name).map(([entry, content]) => {
    const file = `${name}: ${entry.slice(0, 80)}`
    return { name: file, text: textOf(content, file) }
  })
}

/** The signature of a zip's first entry (APPNOTE 4.3.7). */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4
}

function unzipped(bytes: Uint8Array, name: string): [string, Uint8Array][] {
  let files = 0
  let total = 0
  try {
    const entries = unzipSync(bytes, {
      // The sizes that a zip states are those of the memory that is taken.
      filter: ({ name: entry, originalSize }) => {
        if (!/\.csv$/i.test(entry)) return false
        files++
        total += originalSize
        if (files > maxFiles || originalSize > maxFileBytes || total > maxAllBytes) {
          throw new InsightsError(
            'bad-export',
            `${name} has more or larger tables than Search Console exports.`,
          )
        }
        return true
      },
    })
    return Object.entries(entries)
  } catch (error) {
    if (error instanceof InsightsError) throw error
    throw new InsightsError('bad-export', `${name} is a damaged zip file; export it again.`, { cause: error })
  }
}

/** Decodes UTF-8, or UTF-16 with a byte order mark, as some spreadsheets save it. */
function textOf(bytes: Uint8Array, name: string): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new InsightsError('bad-export', `${name} is not in UTF-8; export it from Search Console again.`, {
      cause,
    })
  }
}
