import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, SiteRole } from '@peerpress/registry'
import { type Action, may, sitesWith } from './may.ts'
import type { Principal } from './principal.ts'

const account: Account = {
  id: 'a'.repeat(16),
  email: 'a@example.org',
  name: 'A',
  isAdministrator: false,
  createdAt: new Date(0),
  closedAt: null,
}
const actions: readonly Action[] = [
  'report.read',
  'measurement.export',
  'post.publish',
  'incident.acknowledge',
  'site.configure',
  'site.remove',
  'visitor.remove',
  'member.manage',
  'token.manage',
  'installation.manage',
]
const of = (role: SiteRole): Principal => ({
  kind: 'account',
  account,
  roles: new Map([['own', role]]),
  readsAll: false,
})
const permitted = (principal: Principal, site: string | null) =>
  actions.filter((action) => may(principal, action, site)).length

test('each role has its actions in its own site, and none elsewhere', () => {
  assert.deepEqual(
    (['viewer', 'editor', 'owner'] as const).map((role) => permitted(of(role), 'own')),
    [1, 4, 9],
  )
  for (const role of ['viewer', 'editor', 'owner'] as const) {
    assert.equal(permitted(of(role), 'other'), 0)
    assert.equal(permitted(of(role), null), 0)
  }
})

test('an administrator may do everything, nobody nothing, a reader read', () => {
  const administrator: Principal = { kind: 'administrator', account }
  assert.equal(permitted(administrator, 'any'), actions.length)
  assert.equal(permitted(administrator, null), actions.length)
  assert.equal(permitted({ kind: 'nobody' }, 'any'), 0)
  assert.equal(permitted({ kind: 'reader' }, 'any'), 1)
})

test('an account on a server with public reports reads other sites, and no more', () => {
  assert.equal(permitted({ ...of('owner'), readsAll: true } as Principal, 'other'), 1)
})

test('a token has its scopes in its sites, and never what no scope names', () => {
  const token: Principal = {
    kind: 'token',
    id: 't',
    name: 't',
    scopes: ['report.read', 'measurement.export', 'post.publish', 'site.configure', 'seed'],
    sites: ['own'],
  }
  assert.equal(permitted(token, 'own'), 4)
  assert.equal(permitted(token, 'other'), 0)
  assert.equal(permitted(token, null), 0)
})

test('the sites with which a principal may do something are those for which it may', () => {
  const token: Principal = {
    kind: 'token',
    id: 'a'.repeat(16),
    name: 'ci',
    scopes: ['report.read'],
    sites: ['own', 'second'],
  }
  const readsAll = { ...of('owner'), readsAll: true } as Principal
  for (const [principal, action, sites] of [
    [{ kind: 'administrator', account }, 'member.manage', null],
    [of('viewer'), 'report.read', ['own']],
    [of('viewer'), 'member.manage', []],
    [readsAll, 'report.read', null],
    [readsAll, 'member.manage', ['own']],
    [token, 'report.read', ['own', 'second']],
    [token, 'post.publish', []],
    [{ kind: 'reader' }, 'report.read', null],
    [{ kind: 'reader' }, 'post.publish', []],
    [{ kind: 'nobody' }, 'report.read', []],
  ] as const) {
    assert.deepEqual(sitesWith(principal, action), sites, `${principal.kind} ${action}`)
    for (const site of ['own', 'second', 'other']) {
      assert.equal(may(principal, action, site), sites === null || sites.some((one) => one === site))
    }
  }
})
