import type { BegunSession, SignInClient } from '@peerpress/accounts'
import type { Account } from '@peerpress/registry'
import type { Request, RequestHandler, Response } from 'express'

/** The browser that begins a session. */
export interface AccountClient extends SignInClient {
  /** The account of that session. */
  readonly signedIn: Account | null
  readonly request: Request
  readonly response: Response
}

/** Creates a handler that begins a session and answers its account. */
export type BeginsSession = (
  begin: (input: unknown, client: AccountClient) => Promise<BegunSession>,
) => RequestHandler
