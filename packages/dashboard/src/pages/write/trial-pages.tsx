import { Failure } from '../../components/failure.tsx'
import { type PageChangeStatus, TrialPagesDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.trialPages

/** Interval between two loads, ms. */
const pagesEvery = 10_000

const statuses: Readonly<Record<PageChangeStatus, string>> = {
  WAITING: texts.waitsToBeCompared,
  QUEUED: texts.willBeWritten,
  WRITTEN: texts.writtenPageIsChecked,
  PROVEN: texts.pageShows,
  NOT_SHOWN: texts.writtenButPageDoes,
  CONFLICT: texts.conflictNothingWasOverwritten,
  FAILED: texts.failed,
  UNDOING: texts.isRolledBack,
  UNDONE: texts.rolledBack,
  CANCELLED: texts.notChanged,
}

/** The pages of a trial: what each showed, what it gets, and what became of it. */
export function TrialPages({ id }: { readonly id: string }) {
  const { data, error, reload } = useGraph(TrialPagesDocument, { id }, pagesEvery)
  if (data === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  if (data.node === null || !('changes' in data.node)) return <p>{texts.itIsGoneLoad}</p>
  return (
    <ul>
      {data.node.changes.edges.map(({ node }) => (
        <li key={node.postId}>
          {/^https?:/.test(node.url) ? (
            <a href={node.url}>{texts.post(node.postId)}</a>
          ) : (
            texts.post(node.postId)
          )}
          : <strong>{statuses[node.status]}</strong>
          {node.error !== null && <span dir="auto">. {node.error}</span>}
          <br />
          <span class="hint" dir="auto">
            {(node.title === null ? node.seenDescription : node.seenTitle) ?? texts.nothing} →{' '}
            {node.title ?? node.description}
          </span>
        </li>
      ))}
    </ul>
  )
}
