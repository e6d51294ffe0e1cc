import assert from 'node:assert/strict'
import type { Metrics } from './model/catalogue/catalogue.ts'
import type { Quantile } from './model/values.ts'
import { rounded } from './recomputation.testing.ts'
import { binError } from './rollup/log-bins.ts'

/** Asserts that metrics are equal, and percentiles within a bin's error. */
export function near(actual: Metrics, expected: Metrics): void {
  const { speed, engagement, ...others } = rounded(actual)
  const { speed: expectedSpeed, engagement: expectedEngagement, ...expectedOthers } = rounded(expected)
  assert.deepEqual(others, expectedOthers)
  const quantiles: Record<string, Quantile | null> = { ...speed, ...engagement }
  for (const [name, exact] of Object.entries({ ...expectedSpeed, ...expectedEngagement })) {
    const quantile = quantiles[name]
    assert.equal(quantile?.samples, exact?.samples)
    if (quantile == null || exact === null) continue
    // No rollup has two dimensions at once, so the snapshots are read.
    if (quantile.error === 0) {
      assert.deepEqual(quantile, exact)
      continue
    }
    assert.equal(quantile.error, binError)
    const scale = name === 'cls' || name === 'scrollDepth' ? 10_000 : 1
    for (const part of ['value', 'low', 'high'] as const) {
      const off = Math.abs(quantile[part] - exact[part])
      // The engine's floats have 24 bits.
      assert.ok(
        off <= exact[part] * (binError + 2 ** -23) || (exact[part] * scale < 1 && off * scale <= 0.5),
        `${name}: ${quantile[part]} for ${exact[part]}`,
      )
    }
  }
}
