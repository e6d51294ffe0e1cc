import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { decodeContent } from './content-coding.ts'

const plain = Buffer.from('<!doctype html><title>t</title>'.repeat(40))

async function decoded(bytes: Buffer, header: string | null): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of decodeContent(Readable.from([bytes]), header)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('leaves a body with an unknown content coding unchanged', async () => {
  for (const header of [null, '', 'none', 'identity', 'UTF-8', 'aws-chunked', 'gzip, none', 'constructor'])
    assert.equal(await decoded(plain, header), plain.toString(), String(header))
})

test('decodes every coding that browsers support, also combined ones', async () => {
  const bodies: readonly (readonly [string, Buffer])[] = [
    ['gzip', gzipSync(plain)],
    ['X-GZIP', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['deflate, gzip', gzipSync(deflateSync(plain))],
  ]
  for (const [header, body] of bodies) assert.equal(await decoded(body, header), plain.toString(), header)
})

test('an empty body is empty in every coding', async () => {
  for (const header of ['gzip', 'deflate', 'br', 'zstd'])
    assert.equal(await decoded(Buffer.alloc(0), header), '')
})

test('permanently refuses a coding that needs more memory than browsers allow', async () => {
  const wide = { params: { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_contentSizeFlag]: 0 } }
  const body = zstdCompressSync(Buffer.alloc(20 * 1024 * 1024), wide)
  await assert.rejects(decoded(body, 'zstd'), { code: 'bad-encoding' })
})

test('permanently refuses bytes that do not match their coding, but not a missing end', async () => {
  for (const header of ['gzip', 'deflate', 'br', 'zstd', 'gzip,'.repeat(6)])
    await assert.rejects(decoded(plain, header), { code: 'bad-encoding' })
  await assert.rejects(decoded(gzipSync(plain).subarray(0, -6), 'gzip'), { code: 'Z_BUF_ERROR' })
})
