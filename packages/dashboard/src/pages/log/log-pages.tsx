import { logMessages } from '../../messages/log-messages.ts'

const texts = logMessages.logPages

interface LogPagesProps {
  /** The cursors of the pages up to the shown one; null for the first. */
  readonly pages: readonly (string | null)[]
  readonly next: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly onPages: (pages: readonly (string | null)[]) => void
}

/** Buttons to later and earlier entries. */
export function LogPages({ pages, next, onPages }: LogPagesProps) {
  if (pages.length === 1 && !next.hasNextPage) return null
  return (
    <div class="save">
      <button type="button" disabled={pages.length === 1} onClick={() => onPages(pages.slice(0, -1))}>
        {texts.later}
      </button>
      <button type="button" disabled={!next.hasNextPage} onClick={() => onPages([...pages, next.endCursor])}>
        {texts.earlier}
      </button>
    </div>
  )
}
