import { Transform } from 'node:stream'

/** A number of bytes that several streams share. */
export class ByteBudget {
  readonly #max: number
  #used = 0

  constructor(max: number) {
    this.#max = max
  }

  get used(): number {
    return this.#used
  }

  get isSpent(): boolean {
    return this.#used >= this.#max
  }

  /** A stream that passes bytes on, and fails when the budget is spent. */
  meter(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#used += chunk.length
        if (this.isSpent) done(new Error('the probe has transferred too many bytes'))
        else done(null, chunk)
      },
    })
  }
}
