import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseByteRange } from './byte-range.ts'

describe('a Range header of a body of 1000 bytes', () => {
  for (const [header, expected] of [
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=990-', { start: 990, end: 999 }],
    ['bytes=990-5000', { start: 990, end: 999 }],
    ['bytes=0-99999999999999999999999', { start: 0, end: 999 }],
    ['bytes=-10', { start: 990, end: 999 }],
    ['bytes=-1000', { start: 0, end: 999 }],
    ['bytes=-200000', { start: 0, end: 999 }],
    ['Bytes=0-9', { start: 0, end: 9 }],
    ['bytes=0-9, 10-19', { start: 0, end: 19 }],
    ['bytes=15-30,0-20', { start: 0, end: 30 }],
    ['bytes=0-9,,5000-', { start: 0, end: 9 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=999999999-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=1000-,2000-3000', 'unsatisfiable'],
    ['bytes=0-9,20-29', null],
    ['bytes=5-4', null],
    ['bytes=0-9,5-4', null],
    ['bytes=', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
    ['bytes=0-9-19', null],
    ['bytes 0-9', null],
    ['seconds=0-9', null],
    [`bytes=${'0-9,'.repeat(40)}`, null],
  ] as const) {
    const meaning =
      expected === null
        ? 'is ignored'
        : typeof expected === 'string'
          ? `is ${expected}`
          : `is ${expected.start}-${expected.end}`
    test(`${header.slice(0, 40)} ${meaning}`, () => assert.deepEqual(parseByteRange(header, 1000), expected))
  }
})
