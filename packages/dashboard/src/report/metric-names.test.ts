import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { formatMetric, metricsByName } from './metric-names.ts'

test('every metric of the graph has a name, and no other', async () => {
  const schema = await readFile(new URL('../../../api/schema.graphql', import.meta.url), 'utf8')
  const values = /^enum MetricName \{\n(.*?)^\}/ms.exec(schema)?.[1] ?? ''
  const names = [...values.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, name]) => name)
  assert.deepEqual(new Set<string | undefined>(metricsByName.keys()), new Set(names))
})

test('a value is shown in the unit of its metric', () => {
  assert.equal(formatMetric('SPEED_LCP', 1234), '1.23\u00A0s')
  assert.equal(formatMetric('SPEED_CLS', 0.05), '0.050')
  assert.equal(formatMetric('DELIVERY_BYTES_PEER', 1500), '1.5\u00A0kB')
  assert.equal(formatMetric('RATINGS_LCP', 0.5), '50.0%')
  assert.equal(formatMetric('CORE_WEB_VITALS', 0), 'Not passed')
  assert.equal(formatMetric('VIEWS', 12), '12')
})
