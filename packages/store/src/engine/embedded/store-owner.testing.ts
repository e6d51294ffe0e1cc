// A process that owns a store, writes one view of site argv[3] into directory argv[2], says so, and stays.
import { openStore } from '../../open-store.ts'
import { ndjson, range, sampleRows } from '../../random-rows.testing.ts'
import { rowTime } from '../../model/view-row.ts'

const [directory = '', site = ''] = process.argv.slice(2)
const store = await openStore({ directory })
const rows = sampleRows(1).map((row) => ({ ...row, site, started_at: rowTime(range.from.getTime()) }))
await store.insertViews(ndjson(rows), site)
process.send?.('written')
setInterval(() => undefined, 60_000)
