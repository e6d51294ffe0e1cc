import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createGuardedLookup, createOpenLookup, refusePrivateHost } from '@peerpress/publisher'
import { Agent, fetch as undiciFetch, type Response } from 'undici'
import { modelErrorOf } from '../endpoint-fetch.ts'
import { ModelError } from '../model-error.ts'

/** A file to fetch. */
export interface ModelSource {
  readonly url: string
  /** Of the whole file, 64 hexadecimal digits in lower case. */
  readonly sha256: string
  /** Whether its server may have a private address, and speak HTTP without TLS. */
  readonly allowPrivateAddresses: boolean
}

export interface TransferOptions {
  readonly signal: AbortSignal
  /** Called after each part with the bytes that are stored, and with those of the whole file; null if unknown. */
  readonly onProgress: (bytes: number, total: number | null) => void
}

/** Times in ms. */
const limits = { connect: 15_000, headers: 60_000, silence: 60_000 } as const
const maxRedirects = 5
/** Bytes of a file at most: larger models do not run on a processor. */
const maxBytes = 200 * 1024 ** 3
/** Bytes that stay free on the disk, for everything else. */
const reserve = 512 * 1024 ** 2

/**
 * Fetches a file to a path, continuing with what is there. The file is complete and has its hash when the promise resolves.
 * @throws {ModelError} `cut-off`, `unreachable` or `unavailable` if another attempt may continue; else `refused`, `private-address`,
 *   `wrong-hash` or `disk-full`
 */
export async function transferModel(
  { url, sha256, allowPrivateAddresses }: ModelSource,
  path: string,
  options: TransferOptions,
): Promise<void> {
  const lookup = allowPrivateAddresses ? createOpenLookup() : createGuardedLookup()
  const agent = new Agent({
    headersTimeout: limits.headers,
    bodyTimeout: limits.silence,
    connect: { timeout: limits.connect, lookup },
  })
  const { host } = new URL(url)
  try {
    const stored = await sizeOf(path)
    const response = await request(url, { stored, allowPrivateAddresses, agent, signal: options.signal })
    await store(response, { path, stored, ...options })
    await requireHash(path, sha256)
  } catch (error) {
    options.signal.throwIfAborted()
    throw failureOf(error, host)
  } finally {
    await agent.destroy()
  }
}

function failureOf(error: unknown, host: string): ModelError {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ModelError('disk-full', 'The disk is full. Free space and fetch it again: it continues.', {
      cause: error,
    })
  }
  return modelErrorOf(error, host)
}

/** Returns the bytes of a file; 0 if there is none. */
export async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  return found?.size ?? 0
}

interface Request {
  readonly stored: number
  readonly allowPrivateAddresses: boolean
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** Requests what is missing. Follows redirects, each of which is checked as the URL itself: stores of models redirect. */
async function request(
  url: string,
  { stored, allowPrivateAddresses, agent, signal }: Request,
): Promise<Response> {
  let at = new URL(url)
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    if (!allowPrivateAddresses) {
      if (at.protocol !== 'https:') throw new ModelError('refused', `${at.host} is not reached by https://.`)
      refusePrivateHost(at)
    }
    const response = await undiciFetch(at, {
      redirect: 'manual',
      dispatcher: agent,
      signal,
      // Compression would change the bytes that the range counts.
      headers: { 'accept-encoding': 'identity', ...(stored > 0 && { range: `bytes=${stored}-` }) },
    })
    if (response.status < 300 || response.status > 399) return response
    await response.body?.cancel()
    const location = response.headers.get('location')
    if (location === null) throw new ModelError('refused', `${at.host} redirects to nowhere.`)
    at = new URL(location, at)
  }
  throw new ModelError('refused', `${new URL(url).host} redirects more than ${maxRedirects} times.`)
}

interface Storing extends TransferOptions {
  readonly path: string
  /** Bytes that are there. */
  readonly stored: number
}

async function store(response: Response, { path, stored, signal, onProgress }: Storing): Promise<void> {
  const { status, body } = response
  // Nothing is missing, or the file at the URL is shorter than what is there. The hash decides.
  if (status === 416 && stored > 0) {
    await body?.cancel()
    return
  }
  const start = status === 206 ? stored : 0
  if ((status !== 200 && status !== 206) || body === null) {
    await body?.cancel()
    throw refusalOf(status)
  }
  if (status === 206 && rangeStart(response) !== stored) {
    await body.cancel()
    throw new ModelError('refused', 'The server sends another part of the file than it was asked for.')
  }
  const total = totalOf(response, start)
  await requireSpace(path, (total ?? start) - start)
  await using file = await open(path, start > 0 ? 'r+' : 'w')
  let position = start
  onProgress(position, total)
  for await (const part of body as AsyncIterable<Uint8Array>) {
    signal.throwIfAborted()
    if (position + part.byteLength > Math.min(total ?? maxBytes, maxBytes)) {
      throw new ModelError('refused', 'The server sends more bytes than it announced.')
    }
    await write(file, part, position)
    position += part.byteLength
    onProgress(position, total)
  }
  if (total !== null && position < total) {
    throw new ModelError('cut-off', `The connection ended after ${position} of ${total} bytes.`)
  }
  await file.sync()
}

async function write(file: FileHandle, part: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < part.byteLength;) {
    const { bytesWritten } = await file.write(part, written, part.byteLength - written, position + written)
    written += bytesWritten
  }
}

function refusalOf(status: number): ModelError {
  const isPassing = status === 429 || status >= 500
  return new ModelError(
    isPassing ? 'unavailable' : 'refused',
    `The server of the file answers with status ${status}. Check the URL.`,
  )
}

function rangeStart({ headers }: Response): number | null {
  const [, start] = /^bytes (\d{1,15})-/.exec(headers.get('content-range') ?? '') ?? []
  return start === undefined ? null : Number(start)
}

function totalOf({ headers }: Response, start: number): number | null {
  const length = headers.get('content-length')
  return length !== null && /^\d{1,15}$/.test(length) ? start + Number(length) : null
}

async function requireSpace(path: string, missing: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  const free = bavail * bsize
  if (missing + reserve <= free) return
  const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2)
  throw new ModelError(
    'disk-full',
    `The file needs ${mebibytes(missing)} MiB more, of ${mebibytes(Math.max(free - reserve, 0))} MiB that may be used. Free space and fetch it again: it continues.`,
  )
}

async function requireHash(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) hash.update(part)
  if (hash.digest('hex') === sha256) return
  throw new ModelError('wrong-hash', 'The file is not the one with this SHA-256, and was removed.')
}
