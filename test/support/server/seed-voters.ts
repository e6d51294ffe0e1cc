import { join } from 'node:path'
import { openRegistry } from '@peerpress/registry'
import { openStore } from '@peerpress/store'
import { seedMembers, seedViews } from '../community/seed-members.ts'

const day = 86_400_000

/** Names of the member sites, below `localhost`. */
const voterNames = ['ada', 'ben', 'cleo', 'dan', 'eve'] as const

/** Registers five sites whose domains were proven 15 days ago, with 120 measured views each. No server may run on the data. */
export async function seedVoters(data: string): Promise<string[]> {
  const ledgerFile = join(data, 'ledger-key.json')
  const now = () => Date.now() - 15 * day
  const registry = await openRegistry({ directory: join(data, 'registry'), ledgerFile, now })
  const store = await openStore({ directory: join(data, 'store') })
  try {
    const members = await seedMembers(registry, voterNames)
    await seedViews(store, members)
    return members.map(({ site }) => site)
  } finally {
    await store.close()
    await registry.close()
  }
}
