import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormat, type Format } from './format.ts'

const format = createFormat('en-US')

/** Returns the formatted texts with plain spaces. */
const texts = (name: Exclude<keyof Format, 'money'>, values: readonly (readonly number[])[]) =>
  values.map((args) => format[name](args[0] ?? 0, args[1] ?? 0).replaceAll('\u00A0', ' '))

test('counts are grouped', () => {
  assert.deepEqual(texts('count', [[0], [1_234_567]]), ['0', '1,234,567'])
})

test('bytes take the unit that leaves one to three digits before the point', () => {
  const values = [[0], [999], [1000], [12_345], [999_499], [999_700], [1_500_000], [2_340_000_000], [7e12]]
  const expected = ['0 B', '999 B', '1 kB', '12.3 kB', '999 kB', '1 MB', '1.5 MB', '2.34 GB', '7 TB']
  assert.deepEqual(texts('bytes', values), expected)
})

test('money and masses have their units', () => {
  assert.equal(format.money(1234.5, 'EUR'), '€1,234.50')
  assert.deepEqual(texts('grams', [[0], [27.17], [999.4], [1234]]), ['0 g', '27.2 g', '999 g', '1.23 kg'])
})

test('only an exact ratio is shown as 0 % or 100 %', () => {
  assert.deepEqual(texts('ratio', [[0], [1], [0.824], [0.5]]), ['0%', '100%', '82.4%', '50.0%'])
  assert.deepEqual(texts('ratio', [[0.000_01], [0.9999], [0.9994]]), ['<0.1%', '>99.9%', '99.9%'])
  assert.equal(format.ratio(2.72), '272.0%')
})

test('times are in ms under a second, else in seconds', () => {
  const values = [[0], [850.4], [999.6], [1346], [12_300]]
  assert.deepEqual(texts('ms', values), ['0 ms', '850 ms', '1.00 s', '1.35 s', '12.30 s'])
  const ranges = [
    [810, 920],
    [810, 1480],
    [1480, 1480],
  ]
  assert.deepEqual(texts('msRange', ranges), ['810–920 ms', '0.81–1.48 s', '1.48 s'])
})

test('durations are in minutes and seconds', () => {
  const values = [[0], [400], [42_000], [59_600], [80_000]]
  assert.deepEqual(texts('duration', values), ['0 s', '0 s', '42 s', '1 min', '1 min 20 s'])
  const ranges = [
    [31_000, 42_000],
    [42_000, 80_000],
    [80_000, 80_000],
  ]
  assert.deepEqual(texts('durationRange', ranges), ['31–42 s', '42 s–1 min 20 s', '1 min 20 s'])
})
