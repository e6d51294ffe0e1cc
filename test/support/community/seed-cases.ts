import { createCommunityLedger, createModeration } from '@peerpress/community'
import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { seedMembers, seedSharedPost } from './seed-members.ts'

/** Makes a site a member that shares a post. Another member reports it, and the operator hides it: the site may appeal. */
export async function seedCases(registry: Registry, site: SiteId, member: string): Promise<void> {
  const [reporter] = await seedMembers(registry, ['reporter'])
  if (reporter === undefined) throw new Error('no reporter')
  const ledger = createCommunityLedger({ registry })
  const key = Buffer.from(member.padEnd(32).slice(0, 32)).toString('hex')
  await ledger.append([{ kind: 'proof', member, body: { site, domain: member, accounts: [], keys: [key] } }])
  await registry.memberSites.record({ site, member, domain: member, skeleton: member, method: 'plugin' })
  await seedSharedPost(registry, reporter, 'What the wind moved')
  const moderation = createModeration({ registry, ledger, now: Date.now })
  const shared = { site, member }
  const [hidden, open] = [
    await seedSharedPost(registry, shared, 'Ten dunes, counted twice'),
    await seedSharedPost(registry, shared, 'An oasis'),
  ]
  const report = { member: reporter.member, reason: 'misleading' } as const
  await moderation.report({
    ...report,
    submission: hidden,
    text: 'There are nine.\nI counted them on Tuesday.',
  })
  await moderation.decide({ submission: hidden, action: 'hide', reason: 'Counted: nine.', by: 'operator' })
  await moderation.report({ ...report, submission: open, text: null })
}
