import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'

/** Content codings of request bodies (RFC 9110 section 8.4.1, and RFC 7932). */
const decoders = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), br: promisify(brotliDecompress) }

/** The codings as the `Accept-Encoding` header of a refusal. */
export const acceptedCodings = 'gzip, br'

/**
 * The maximum ratio of decoded to encoded bytes: fifty beacons of one page compress to a sixtieth. The ratio does not matter
 * below a number of decoded bytes, because a short body is no bomb.
 */
const maxRatio = 100
const ratioMatters = 16 * 1024

/** Why a body could not be decoded. */
export type DecodingFault = 'unsupported-encoding' | 'too-large' | 'malformed'

/**
 * Decodes a body. Decoding ends at the limit, so that a bomb costs no more memory than an honest body.
 * @param maxLength decoded bytes
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
