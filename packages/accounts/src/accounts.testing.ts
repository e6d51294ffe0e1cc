import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegistry, type Registry } from '@peerpress/registry'
import { type AccountServices, createAccountServices } from './accounts.ts'

/** Accounts on a real registry in a temporary folder, with a clock of their own. */
export interface TestAccounts extends AccountServices {
  readonly registry: Registry
  /** ms since the Unix epoch. */
  now(): number
  advance(ms: number): void
  /** Closes the registry and opens it again, as a restart does. */
  restart(): Promise<TestAccounts>
  close(): Promise<void>
}

export const operatorToken = 'ab'.repeat(32)
export const password = 'correct horse battery'

export async function openTestAccounts(publicReports = false): Promise<TestAccounts> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-accounts-'))
  const clock = { now: Date.UTC(2026, 0, 1) }
  const open = async (): Promise<TestAccounts> => {
    const registry = await openRegistry({ directory: join(directory, 'registry'), now: () => clock.now })
    return {
      ...createAccountServices({
        registry,
        isOperatorToken: async (token) => token === operatorToken,
        publicReports,
        now: () => clock.now,
      }),
      registry,
      now: () => clock.now,
      advance: (ms) => {
        clock.now += ms
      },
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
  return welcoming.accept({ token, email, name: 'Ada', password }, { network: '192.0.2.0/24', browser: null })
}
