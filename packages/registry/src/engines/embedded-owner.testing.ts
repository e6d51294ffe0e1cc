import { openRegistry } from '../open-registry.ts'

// Owns the directory, holds a job that never ends and adds sites as fast as it can, telling each one that
// was acknowledged, until it is killed.
const [directory = ''] = process.argv.slice(2)
const registry = await openRegistry({ directory })
const held = Promise.withResolvers<void>()
await registry.jobs.work('held', 1, () => {
  held.resolve()
  return new Promise(() => {})
})
await registry.jobs.enqueue({ name: 'held', key: 'held', data: { held: true } })
await held.promise
for (let n = 0; ; n++) {
  const url = `https://${process.pid}-${n}.example`
  const { site } = await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })
  process.send?.({ site: site.id })
}
