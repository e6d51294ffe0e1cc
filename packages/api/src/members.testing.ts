import assert from 'node:assert/strict'
import type { Principal } from '@peerpress/accounts'
import type { SiteRole } from '@peerpress/registry'
import { type Answer, ask, type TestApi } from './api.testing.ts'

/** A site with a signed-in member of each role. */
export interface MembersSite {
  readonly id: string
  readonly as: (role: SiteRole) => Principal
  /** A token of the site with these scopes, named `robot`. */
  readonly withScopes: (...scopes: readonly string[]) => Principal
}

const roles = ['owner', 'editor', 'viewer'] as const
const password = 'correct horse battery'

/** Adds a site whose members are called "The owner", "The editor" and "The viewer". */
export async function addMembersSite(opened: TestApi, name: string): Promise<MembersSite> {
  const input = { url: `https://${name}.test`, consent: 'assumed', allowPrivateAddresses: false } as const
  const { id } = (await opened.registry.sites.add(input)).site
  const members = new Map<SiteRole, Principal>()
  for (const role of roles) members.set(role, await addMember(opened, id, { role, name }))
  return {
    id,
    as: (role) => members.get(role) as Principal,
    withScopes: (...scopes) =>
      ({ kind: 'token', id: 't'.repeat(16), name: 'robot', sites: [id], scopes }) as Principal,
  }
}

async function addMember(
  opened: TestApi,
  site: string,
  { role, name }: { readonly role: SiteRole; readonly name: string },
): Promise<Principal> {
  const { welcoming, signIn, credentials } = opened.accounts
  const email = `${role}@${name}.test`
  const client = { network: '192.0.2.0/24', session: null, browser: null }
  const token = await welcoming.issue({ kind: 'member', email, site, role }, 'operator')
  await welcoming.accept({ token, email, name: `The ${role}`, password }, client)
  const session = await signIn.signIn({ email, password }, client)
  return credentials.principalOf({ authorization: undefined, session: session.token })
}

/** Calls a mutation that takes one input. */
export function mutate(
  { api }: Pick<TestApi, 'api'>,
  name: string,
  { input, fields, viewer }: { readonly input: object; readonly fields: string; readonly viewer: Principal },
): Promise<Answer> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`
  return ask(api, text, { variables: { input }, viewer })
}

/** Checks the code of the first error. */
export function assertCode({ errors }: Answer, code: string): void {
  assert.equal(errors[0]?.extensions.code, code, JSON.stringify(errors))
}

/** Checks that input is refused for a reason. */
export function assertReason({ status, errors }: Answer, reason: RegExp): void {
  assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'], JSON.stringify(errors))
  assert.match(errors[0]?.message ?? '', reason)
}
