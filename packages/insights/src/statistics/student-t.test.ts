import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incompleteBeta, studentCdf, studentQuantile } from './student-t.ts'

// Upper percentage points of t: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
const table: readonly (readonly [df: number, upper: number, t: number])[] = [
  [1, 0.1, 3.078],
  [1, 0.025, 12.706],
  [2, 0.01, 6.965],
  [5, 0.05, 2.015],
  [10, 0.005, 3.169],
  [26, 0.1, 1.315],
  [26, 0.025, 2.056],
  [26, 0.001, 3.435],
  [52, 0.05, 1.675],
  [100, 0.01, 2.364],
]

for (const [df, upper, t] of table) {
  test(`t = ${t} with ${df} degrees of freedom is exceeded with probability ${upper}`, () => {
    // The table has three decimals.
    assert.ok(studentCdf(-t - 0.0005, df) <= upper)
    assert.ok(studentCdf(-t + 0.0005, df) >= upper)
    assert.ok(Math.abs(studentCdf(t, df) + studentCdf(-t, df) - 1) < 1e-14)
  })
}

test('with one degree of freedom the distribution is that of Cauchy', () => {
  for (const t of [-1000, -3, -0.01, 0, 0.5, 70]) {
    assert.ok(Math.abs(studentCdf(t, 1) - (0.5 + Math.atan(t) / Math.PI)) < 1e-13, String(t))
  }
})

test('far tails keep their size, and extreme values have a probability', () => {
  // Of t with 2 degrees of freedom: ½ - t ÷ (2 √(2 + t²)), which is about 1 ÷ (2 t²) far out.
  assert.ok(Math.abs(studentCdf(-1e6, 2) / 5e-13 - 1) < 1e-6)
  assert.equal(studentCdf(-Infinity, 26), 0)
  assert.equal(studentCdf(Infinity, 26), 1)
})

test('the incomplete beta function is known in closed form for whole numbers', () => {
  for (const x of [0, 0.1, 0.5, 0.93, 1]) {
    assert.ok(Math.abs(incompleteBeta(x, 1, 3) - (1 - (1 - x) ** 3)) < 1e-14)
    assert.ok(Math.abs(incompleteBeta(x, 2, 1) - x * x) < 1e-14)
  }
})

test('the quantile is the inverse of the distribution', () => {
  for (const [df, upper, t] of table) {
    assert.ok(Math.abs(studentQuantile(1 - upper, df) - t) < 0.0006, `${t}`)
    assert.equal(studentQuantile(upper, df), -studentQuantile(1 - upper, df))
  }
  assert.equal(studentQuantile(0.5, 3) < 1e-9, true)
})
