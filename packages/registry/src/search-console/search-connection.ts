import type { SiteId } from '@peerpress/wire'

/** How a connection is authorised: by the consent of a person, or by the key of a service account. */
export const searchCredentialKinds = ['oauth', 'service-account'] as const
export type SearchCredentialKind = (typeof searchCredentialKinds)[number]

/** Why an import does not go on. */
export const searchProblems = ['quota', 'unreachable', 'revoked', 'forbidden', 'unexpected'] as const
export type SearchProblem = (typeof searchProblems)[number]

/** A site's connection to a search engine's console. Its credential is never part of it. */
export interface SearchConnection {
  readonly site: SiteId
  readonly kind: SearchCredentialKind
  /** The address of the service account; null for a person's consent. */
  readonly account: string | null
  /** The property whose figures are imported; null until one is chosen. */
  readonly property: string | null
  readonly connectedAt: Date
  /** When an import last was complete; null before the first. */
  readonly importedAt: Date | null
  /** Null while nothing is wrong. */
  readonly problem: SearchProblem | null
  /** The problem for people; null while nothing is wrong. */
  readonly detail: string | null
  /** How often the import failed in succession. */
  readonly attempts: number
  /** When the import goes on; null: as soon as possible, or not before somebody connects again. */
  readonly resumeAt: Date | null
}

/** A day that was read. */
export interface ReadDay {
  /** `YYYY-MM-DD`, in the search engine's time zone. */
  readonly day: string
  /** Whether the search engine will not change it any more. */
  readonly isFinal: boolean
}

export interface ConnectionRow extends Pick<
  SearchConnection,
  'site' | 'kind' | 'account' | 'property' | 'problem' | 'detail' | 'attempts'
> {
  readonly connected_at: Date
  readonly imported_at: Date | null
  readonly resume_at: Date | null
}

/** The columns of {@link ConnectionRow}. */
export const connectionColumns =
  'site, kind, account, property, connected_at, imported_at, problem, detail, attempts, resume_at'

export function connectionOf({
  connected_at,
  imported_at,
  resume_at,
  ...row
}: ConnectionRow): SearchConnection {
  return { ...row, connectedAt: connected_at, importedAt: imported_at, resumeAt: resume_at }
}
