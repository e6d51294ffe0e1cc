import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeSegment, encodeRecord } from './record.ts'

const payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const payloads = fc.array(payload, { maxLength: 12 })

const segmentOf = (parts: readonly Buffer[]) => Buffer.concat(parts.map(encodeRecord))

describe('records', () => {
  test('decodes what was encoded, including empty payloads', () => {
    fc.assert(
      fc.property(payloads, (parts) => {
        assert.deepEqual(decodeSegment(segmentOf(parts)), { payloads: parts, condition: 'whole' })
      }),
    )
  })

  test('a segment that is cut at any byte gives exactly its complete records', () => {
    const parts = ['{"a":1}', '', '{"bb":22}', '{"ccc":"ü€"}'].map((text) => Buffer.from(text))
    const ends = parts.map((_, index) => segmentOf(parts.slice(0, index + 1)).length)
    const whole = segmentOf(parts)
    for (let cut = 0; cut <= whole.length; cut++) {
      const complete = parts.filter((_, index) => (ends[index] as number) <= cut)
      const condition = cut === 0 || ends.includes(cut) ? 'whole' : 'torn'
      assert.deepEqual(decodeSegment(whole.subarray(0, cut)), { payloads: complete, condition }, `at ${cut}`)
    }
  })

  test('zeros after the last record count as a torn end', () => {
    const parts = [Buffer.from('{}')]
    for (const zeros of [1, 11, 12, 13, 4096]) {
      const bytes = Buffer.concat([segmentOf(parts), Buffer.alloc(zeros)])
      assert.deepEqual(decodeSegment(bytes), { payloads: parts, condition: 'torn' })
    }
  })

  test('every flipped bit is detected, and no record before it or after a damaged payload is lost', () => {
    const damage = fc.record({
      parts: fc.array(payload, { minLength: 1, maxLength: 8 }),
      at: fc.nat(),
      bit: fc.nat(7),
    })
    fc.assert(
      fc.property(damage, ({ parts, at, bit }) => {
        const bytes = segmentOf(parts)
        const position = at % bytes.length
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position)
        let hit = 0
        for (let end = 0; ; hit++) {
          end += 12 + (parts[hit] as Buffer).length
          if (position < end) break
        }
        const isHead = position < segmentOf(parts.slice(0, hit)).length + 12
        const found = decodeSegment(bytes)
        assert.equal(found.condition, 'damaged')
        assert.deepEqual(found.payloads, [...parts.slice(0, hit), ...(isHead ? [] : parts.slice(hit + 1))])
      }),
    )
  })

  test('any bytes give a result', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const { condition } = decodeSegment(Buffer.from(bytes))
        assert.equal(condition === 'whole', bytes.length === 0)
      }),
    )
  })

  test('a length beyond the segment allocates nothing', () => {
    const record = encodeRecord(Buffer.from('{}'))
    record.writeUInt32LE(0xffff_ffff, 0)
    assert.deepEqual(decodeSegment(record), { payloads: [], condition: 'damaged' })
  })
})
