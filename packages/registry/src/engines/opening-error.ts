import type { RegistryLocation } from './registry-location.ts'
import { RegistryError } from '../registry-error.ts'
import { diskFull } from './report-full-disk.ts'

/** Converts an error of opening a registry into one that names the place and, if known, what to do. */
export function openingError(error: unknown, location: RegistryLocation): unknown {
  if (error instanceof RegistryError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const why = reasonOf(error)
  if (location.directory === undefined) {
    // SQLSTATE class 42 is a bug of ours, whose stack is needed.
    return code.startsWith('42') ? error : unavailable(why, error)
  }
  if (code === diskFull) {
    const message = `the disk that holds ${location.directory} is full: free some space and start again`
    return new RegistryError('unusable-directory', message, { cause: error })
  }
  // RuntimeError: the engine's WebAssembly trapped.
  const isDamage = /^(?:XX|58)/.test(code) || (error instanceof Error && error.name === 'RuntimeError')
  return isDamage ? damaged(location.directory, `cannot be read (${why})`, error) : error
}

/** Creates the error for damaged files. It advises a restore, because every repair of the engine loses records. */
export function damaged(path: string, problem: string, cause?: unknown): RegistryError {
  const message = `the registry is damaged: ${path} ${problem}. Nothing was changed. Restore a backup into an empty folder with ./peerpress restore; if the server has never run before, remove the folder`
  return new RegistryError('damaged', message, { cause })
}

function unavailable(why: string, cause: unknown): RegistryError {
  const message = `the PostgreSQL server of PEERPRESS_POSTGRES_URL cannot be used (${why}): check that it runs and that the address is right`
  return new RegistryError('unavailable', message, { cause })
}

/** Returns a message for any error. The error of a connection that failed on several addresses has none of its own. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ')
  return error.message
}
