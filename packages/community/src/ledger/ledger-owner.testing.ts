import { join } from 'node:path'
import { openRegistry } from '@peerpress/registry'
import { castVote } from '../standing/cast-vote.ts'
import { proof, submission, submissionId } from '../standing/ledger-of.testing.ts'
import { createCommunityLedger } from './community-ledger.ts'

// A process that appends to the ledger of a registry until it is killed: `ledger-owner.testing.ts DIRECTORY FIRST`. It writes a
// line for each vote after the vote was answered.
const [directory = '', first = '0'] = process.argv.slice(2)
const registry = await openRegistry({
  directory: join(directory, 'registry'),
  ledgerFile: join(directory, 'ledger-key.json'),
})
const ledger = createCommunityLedger({ registry })
const views = { count: () => Promise.resolve(0) }
for (let index = Number(first); ; index++) {
  const [author, voter] = [`author-${index}.example`, `voter-${index}.example`]
  await ledger.append([proof(author), proof(voter), submission(index, author)])
  const vote = { member: voter, submission: submissionId(index), value: 'up', reason: null } as const
  await castVote({ registry, ledger, views, now: Date.now }, vote)
  process.stdout.write(`${index}\n`)
}
