import { createHash } from 'node:crypto'
import type { Registry, Welcome } from '@peerpress/registry'
import { AccountError } from '../account-error.ts'
import { accountOf, actorOf, type Principal } from '../principal/principal.ts'
import { hashOf } from '../secret-token.ts'
import type { Welcoming } from './welcoming.ts'

/** An e-mail that the server sends. */
export interface AccountMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends e-mails to people with an account or an invitation. */
export interface AccountMailer {
  /** Resolves when the mail server has taken it. */
  send(mail: AccountMail): Promise<void>
  /** Returns the address of this server, without a slash at its end. */
  address(): string
}

/** Invitations by e-mail. */
export interface Invitations {
  /**
   * Makes a link and sends it.
   * @throws {AccountError} `no-mail`, `throttled`, or `mail-failed`: then the link ended
   */
  send(
    welcome: Extract<Welcome, { readonly kind: 'member' }>,
    options: {
      /** The name of the site. */
      readonly site: string
      readonly by: Principal
    },
  ): Promise<void>
}

/** E-mails that one account sends: so many at once, and one more after each interval (ms). */
const limit = { burst: 20, interval: 5 * 60_000 } as const

export function createInvitations(
  { attemptLimits, welcomes }: Pick<Registry, 'attemptLimits' | 'welcomes'>,
  { welcoming, mailer }: { readonly welcoming: Welcoming; readonly mailer: AccountMailer | null },
): Invitations {
  return {
    send: async (welcome, { site, by }) => {
      if (mailer === null) {
        throw new AccountError(
          'no-mail',
          'This server cannot send e-mail. Make a link and send it yourself, or have an operator set PEERPRESS_SMTP_URL.',
        )
      }
      const actor = actorOf(by)
      const wait = await attemptLimits.take({
        key: createHash('sha256').update(`invitation-mail ${actor}`).digest(),
        ...limit,
      })
      if (wait > 0) {
        const retryAfter = Math.ceil(wait / 1000)
        throw new AccountError('throttled', `You sent many invitations. Try again in ${retryAfter} s.`, {
          retryAfter,
        })
      }
      const token = await welcoming.issue(welcome, actor)
      const inviter = accountOf(by)?.name ?? 'An administrator'
      try {
        await mailer.send(
          renderInvitation(welcome, { site, inviter, link: `${mailer.address()}/welcome#${token}` }),
        )
      } catch (cause) {
        const hash = hashOf(token)
        if (hash !== null) await welcomes.cancel(hash, actor)
        throw new AccountError(
          'mail-failed',
          'The mail server did not take the e-mail, so nobody was invited. Make a link and send it yourself.',
          { cause },
        )
      }
    },
  }
}

/** What a name may not bring into a plain text: other lines, and links that a mail program would make of it. */
function quoted(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 100)
}

function renderInvitation(
  { email, role }: Extract<Welcome, { readonly kind: 'member' }>,
  { site, inviter, link }: { readonly site: string; readonly inviter: string; readonly link: string },
): AccountMail {
  const name = quoted(site)
  return {
    to: email,
    subject: `Invitation to ${name}`,
    text: [
      `${quoted(inviter)} invites you to the reports of ${name}, as its ${role}.`,
      '',
      `Open this link within a week. It works once: ${link}`,
      '',
      'If you expected no invitation, do nothing: without the link there is no account.',
      '',
    ].join('\n'),
  }
}
