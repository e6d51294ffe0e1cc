import { ApiError } from './api-error.ts'

/** What a person can correct in the input of a mutation. Stable: clients show a text for each. */
export const userErrorCodes = [
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_MANY',
  'LAST_WAY',
  'UNAVAILABLE',
] as const
export type UserErrorCode = (typeof userErrorCodes)[number]

/** A problem with the input of a mutation. Nothing was changed then. */
export interface UserError {
  /** The input field that it is about, such as `name` or `model.baseUrl`; null if it is about no single one. */
  readonly field: string | null
  readonly code: UserErrorCode
  readonly message: string
}

/** A refusal that says which input field it is about. */
export class UserProblem extends ApiError {
  readonly field: string | null
  readonly problem: UserErrorCode

  constructor(problem: UserErrorCode, field: string | null, message: string) {
    super('BAD_USER_INPUT', message)
    this.field = field
    this.problem = problem
  }
}

/**
 * Returns the typed form of a refusal, from what it states itself or from the code of its cause; null if a person cannot
 * correct it in the input.
 * @param fields the paths of the mutation's input fields, by their names: a problem is about one of these, or about no single one
 */
export function userErrorOf(error: unknown, fields: ReadonlyMap<string, string>): UserError | null {
  if (!(error instanceof ApiError) || error.code !== 'BAD_USER_INPUT') return null
  const { message } = error
  if (error instanceof UserProblem) {
    return { field: fields.get(error.field ?? '') ?? null, code: error.problem, message }
  }
  const [code, ...candidates] = problems[codeOf(error.cause)] ?? ['INVALID']
  const name = candidates.find((each) => fields.has(each)) ?? ''
  return { field: fields.get(name) ?? null, code, message }
}

function codeOf(cause: unknown): string {
  const isCoded = typeof cause === 'object' && cause !== null && 'code' in cause
  return isCoded && typeof cause.code === 'string' ? cause.code : ''
}

/** The refusals of the packages below, by their codes: the kind, and the input fields of which a mutation has one at most. */
const problems: Readonly<Record<string, readonly [UserErrorCode, ...string[]]>> = {
  // Registry.
  'invalid-url': ['INVALID', 'url'],
  'invalid-origin': ['INVALID', 'origins'],
  'invalid-name': ['INVALID', 'name'],
  'invalid-time-zone': ['INVALID', 'timeZone'],
  'invalid-savings-rate': ['INVALID', 'savingsRates'],
  'invalid-connector': ['INVALID', 'url'],
  'site-exists': ['CONFLICT', 'url'],
  'unknown-site': ['NOT_FOUND', 'siteId'],
  'unknown-channel': ['NOT_FOUND', 'channelIds'],
  'channel-exists': ['CONFLICT', 'target'],
  'page-in-trial': ['CONFLICT'],
  'no-model': ['CONFLICT'],
  'too-many-connectors': ['TOO_MANY'],
  'too-many-uploads': ['TOO_MANY'],
  'too-many-schedules': ['TOO_MANY'],
  'too-many-channels': ['TOO_MANY'],
  'too-many-drafts': ['TOO_MANY'],
  'over-budget': ['TOO_MANY'],
  unsubscribed: ['CONFLICT', 'channelId'],
  'too-soon': ['UNAVAILABLE', 'channelId'],
  // Accounts.
  'bad-input': ['INVALID', 'email', 'newPassword'],
  'wrong-credentials': ['INVALID', 'currentPassword'],
  'no-mail': ['UNAVAILABLE', 'sendsMail'],
  'mail-failed': ['UNAVAILABLE', 'sendsMail'],
  'last-administrator': ['LAST_WAY', 'accountId'],
  // Community.
  'unknown-submission': ['NOT_FOUND', 'submissionId', 'reportedId'],
  'not-member': ['CONFLICT', 'siteId', 'host'],
  'not-banned': ['CONFLICT', 'siteId', 'host'],
  'too-many-votes': ['TOO_MANY'],
  'too-many-reports': ['TOO_MANY'],
  'invalid-reason': ['INVALID', 'reason', 'text'],
  'own-post': ['CONFLICT', 'reportedId', 'submissionId'],
  'not-hidden': ['CONFLICT', 'submissionId'],
  appealed: ['CONFLICT', 'submissionId', 'siteId'],
  'not-a-domain': ['INVALID', 'siteId'],
  'private-domain': ['INVALID', 'siteId'],
  unproven: ['CONFLICT', 'siteId'],
  'not-published': ['CONFLICT', 'postId'],
  'already-shared': ['CONFLICT', 'postId'],
  'foreign-post': ['INVALID', 'postId'],
  'unreadable-post': ['UNAVAILABLE', 'postId'],
  'too-many': ['UNAVAILABLE'],
  unknown: ['NOT_FOUND', 'seed'],
  refused: ['INVALID'],
  expired: ['INVALID', 'expiresAt'],
  // Publisher.
  disconnected: ['CONFLICT', 'siteId'],
  'bad-post': ['INVALID', 'postId'],
  'foreign-url': ['INVALID', 'url'],
  // Store.
  'bad-query': ['INVALID', 'days', 'visitor'],
  // Insights and editorial.
  'bad-export': ['INVALID', 'queriesFile'],
  'bad-key': ['INVALID', 'key'],
  'bad-property': ['INVALID', 'property'],
  'not-connected': ['CONFLICT', 'siteId'],
  'no-client': ['UNAVAILABLE'],
  quota: ['UNAVAILABLE'],
  unreachable: ['UNAVAILABLE'],
  'bad-upload': ['INVALID', 'uploadFile'],
}
