import type { PageChange, PageTrial } from './page-change.ts'

/** The columns of {@link TrialRow}. */
export const trialColumns = 'id, site, kind, started_by, started_at, ended_at, rolled_back_by, rolled_back_at'

export interface TrialRow extends Pick<PageTrial, 'id' | 'site' | 'kind'> {
  readonly started_by: string
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly rolled_back_by: string | null
  readonly rolled_back_at: Date | null
}

export function trialOf({ id, site, kind, ...row }: TrialRow): PageTrial {
  return {
    id,
    site,
    kind,
    startedBy: row.started_by,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    rolledBackBy: row.rolled_back_by,
    rolledBackAt: row.rolled_back_at,
  }
}

/** The columns of {@link ChangeRow}. */
export const changeColumns = `id, trial, site, post, url, is_changed_half, title, description, seen, status, place, before, error,
  written_at, proven_at, updated_at`

export interface ChangeRow extends Omit<
  PageChange,
  'isChangedHalf' | 'writtenAt' | 'provenAt' | 'updatedAt'
> {
  readonly is_changed_half: boolean
  readonly written_at: Date | null
  readonly proven_at: Date | null
  readonly updated_at: Date
}

export function changeOf(row: ChangeRow): PageChange {
  const { is_changed_half, written_at, proven_at, updated_at, ...rest } = row
  return {
    ...rest,
    isChangedHalf: is_changed_half,
    writtenAt: written_at,
    provenAt: proven_at,
    updatedAt: updated_at,
  }
}
