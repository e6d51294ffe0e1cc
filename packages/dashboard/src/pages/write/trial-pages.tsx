import { Failure } from '../../components/failure.tsx'
import { type PageChangeStatus, TrialPagesDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'

/** Interval between two loads, ms. */
const pagesEvery = 10_000

const statuses: Readonly<Record<PageChangeStatus, string>> = {
  WAITING: 'Waits, to be compared with',
  QUEUED: 'Will be written',
  WRITTEN: 'Written; the page is checked',
  PROVEN: 'The page shows it',
  NOT_SHOWN: 'Written, but the page does not show it',
  CONFLICT: 'Conflict: nothing was overwritten',
  FAILED: 'Failed',
  UNDOING: 'Is rolled back',
  UNDONE: 'Rolled back',
  CANCELLED: 'Not changed',
}

/** The pages of a trial: what each showed, what it gets, and what became of it. */
export function TrialPages({ id }: { readonly id: string }) {
  const { data, error, reload } = useGraph(TrialPagesDocument, { id }, pagesEvery)
  if (data === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  if (data.node === null || !('changes' in data.node)) return <p>It is gone. Load the page again.</p>
  return (
    <ul>
      {data.node.changes.edges.map(({ node }) => (
        <li key={node.postId}>
          {/^https?:/.test(node.url) ? <a href={node.url}>Post {node.postId}</a> : `Post ${node.postId}`}:{' '}
          <strong>{statuses[node.status]}</strong>
          {node.error !== null && <span dir="auto">. {node.error}</span>}
          <br />
          <span class="hint" dir="auto">
            {(node.title === null ? node.seenDescription : node.seenTitle) ?? 'Nothing'} →{' '}
            {node.title ?? node.description}
          </span>
        </li>
      ))}
    </ul>
  )
}
