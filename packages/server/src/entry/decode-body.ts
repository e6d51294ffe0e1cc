import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'

/** Content codings that bodies may come in (RFC 9110 section 8.4.1, and RFC 7932). */
const decoders = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), br: promisify(brotliDecompress) }

/** As the `Accept-Encoding` of a refusal names them. */
export const acceptedCodings = 'gzip, br'

/**
 * Decoded bytes for each encoded one, at most: fifty beacons of one page compress to a sixtieth. And bytes that may come
 * whatever the ratio: short texts of white space are nobody's bomb.
 */
const maxRatio = 100
const ratioMatters = 16 * 1024

/** Why a body could not be decoded. */
export type DecodingFault = 'unsupported-encoding' | 'too-large' | 'malformed'

/**
 * The body as it was before its sender encoded it. Decoding ends where the limit is reached, so that a bomb costs no more
 * memory than an honest body.
 * @param maxLength bytes when decoded
 */
export async function decodeBody(
  body: Buffer,
  coding: string | undefined,
  maxLength: number,
): Promise<Buffer | DecodingFault> {
  const name = coding?.trim().toLowerCase() ?? 'identity'
  if (name === 'identity') return body
  if (!isKnown(name)) return 'unsupported-encoding'
  const maxOutputLength = Math.min(maxLength, Math.max(ratioMatters, maxRatio * body.length))
  try {
    return await decoders[name](body, { maxOutputLength })
  } catch (error) {
    const isTooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return isTooLarge ? 'too-large' : 'malformed'
  }
}

function isKnown(name: string): name is keyof typeof decoders {
  return Object.hasOwn(decoders, name)
}
