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

test('a body whose content coding no browser knows stays as it is', async () => {
  for (const header of [null, '', 'none', 'identity', 'UTF-8', 'aws-chunked', 'gzip, none', 'constructor'])
    assert.equal(await decoded(plain, header), plain.toString(), String(header))
})

test('a body is decoded from every coding that browsers know, also from several', async () => {
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

test('a coding that needs more memory than browsers give it is refused for good', async () => {
  const wide = { params: { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_contentSizeFlag]: 0 } }
  const body = zstdCompressSync(Buffer.alloc(20 * 1024 * 1024), wide)
  await assert.rejects(decoded(body, 'zstd'), { code: 'bad-encoding' })
})

test('bytes that do not fit their coding are refused for good, a missing end is not', async () => {
  for (const header of ['gzip', 'deflate', 'br', 'zstd', 'gzip,'.repeat(6)])
    await assert.rejects(decoded(plain, header), { code: 'bad-encoding' })
  await assert.rejects(decoded(gzipSync(plain).subarray(0, -6), 'gzip'), { code: 'Z_BUF_ERROR' })
})
