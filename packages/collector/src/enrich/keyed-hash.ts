import { hash } from 'node:crypto'

/** Bytes of a block of SHA-256, and of its result. */
const blockLength = 64
const hashLength = 32

/** Longest text that needs no memory of its own, bytes. */
const usualLength = 2048

/**
 * HMAC-SHA-256 (RFC 2104) under one key, by its definition: `createHmac` makes an object of the engine's for each text,
 * which takes longer than both hashes.
 */
export class KeyedHash {
  readonly #inner: Buffer
  readonly #outer: Buffer

  /** `key`: as long as a block of SHA-256 at most. */
  constructor(key: Buffer) {
    this.#inner = Buffer.alloc(blockLength + usualLength)
    this.#outer = Buffer.alloc(blockLength + hashLength)
    for (let index = 0; index < blockLength; index++) {
      const byte = key[index] ?? 0
      this.#inner[index] = byte ^ 0x36
      this.#outer[index] = byte ^ 0x5c
    }
  }

  /** In hex. */
  of(text: string): string {
    this.#outer.write(hash('sha256', this.#innerBlocks(text), 'hex'), blockLength, 'hex')
    return hash('sha256', this.#outer, 'hex')
  }

  #innerBlocks(text: string): Buffer {
    // A character has three bytes at most, a pair of them four.
    if (text.length * 3 > usualLength)
      return Buffer.concat([this.#inner.subarray(0, blockLength), Buffer.from(text)])
    return this.#inner.subarray(0, blockLength + this.#inner.write(text, blockLength))
  }
}
