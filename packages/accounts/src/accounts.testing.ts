import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegistry, type Registry } from '@peerpress/registry'
import type { AccountErrorCode } from './account-error.ts'
import { type AccountServices, createAccountServices } from './accounts.ts'
import type { Principal } from './principal/principal.ts'

/** Accounts on a real registry in a temporary folder, with a clock of their own. */
export interface TestAccounts extends AccountServices {
  readonly registry: Registry
  /** ms since the Unix epoch. */
  now(): number
  advance(ms: number): void
  /** Adds a site with an address of its own, and returns its id. */
  addSite(): Promise<string>
  /** Signs in from `network` with `password`, and returns the session's token. */
  sessionOf(email: string): Promise<string>
  bySession(session: string | null): Promise<Principal>
  /** Returns the principal of a bearer token. */
  byToken(token: string): Promise<Principal>
  /** Closes the registry and opens it again, as a restart does. */
  restart(): Promise<TestAccounts>
  close(): Promise<void>
}

export const operatorToken = 'ab'.repeat(32)
export const password = 'correct horse battery'
export const network = '192.0.2.0/24'
/** A client that never signed in. */
export const unknownClient = { network, browser: null }
export const minute = 60_000
export const day = 86_400_000

/** Checks that a call is refused with the code. */
export async function refused(code: AccountErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, { name: 'AccountError', code })
}

export async function openTestAccounts(publicReports = false): Promise<TestAccounts> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-accounts-'))
  const clock = { now: Date.UTC(2026, 0, 1) }
  let sites = 0
  const open = async (): Promise<TestAccounts> => {
    const registry = await openRegistry({ directory: join(directory, 'registry'), now: () => clock.now })
    const services = createAccountServices({
      registry,
      isOperatorToken: async (token) => token === operatorToken,
      publicReports,
      now: () => clock.now,
    })
    return {
      ...services,
      registry,
      now: () => clock.now,
      advance: (ms) => {
        clock.now += ms
      },
      addSite: async () => {
        const url = `https://site${++sites}.example`
        const { site } = await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })
        return site.id
      },
      sessionOf: async (email) => {
        const client = { network, session: null, browser: null }
        return (await services.signIn.signIn({ email, password }, client)).token
      },
      bySession: (session) => services.credentials.principalOf({ authorization: undefined, session }),
      byToken: (token) =>
        services.credentials.principalOf({ authorization: `Bearer ${token}`, session: null }),
      restart: async () => {
        await registry.close()
        return open()
      },
      close: async () => {
        await registry.close()
        await rm(directory, { recursive: true, force: true })
      },
    }
  }
  return open()
}

/** Makes an account, of an administrator or of a member of a site. */
export async function makeAccount(
  { welcoming }: Pick<TestAccounts, 'welcoming'>,
  email: string,
  membership?: { readonly site: string; readonly role: 'owner' | 'editor' | 'viewer' },
) {
  const welcome =
    membership === undefined
      ? ({ kind: 'administrator', email } as const)
      : ({ kind: 'member', email, ...membership } as const)
  const token = await welcoming.issue(welcome, 'operator')
  return welcoming.accept({ token, email, name: 'Ada', password }, unknownClient)
}
