import { useId } from 'preact/hooks'
import { ReportTable } from '../../components/tables/report-table.tsx'
import { messages } from '../../messages/messages.ts'
import { localTime } from '../../report/local-time.ts'
import { format, formatTime } from '../../report/page-format.ts'
import type { PostDetails } from './post-details.ts'

interface PostPartProps {
  readonly post: PostDetails
  readonly timeZone: string
}

/** How the last attempt to publish the post ended. */
export function PostReceipt({ post: { receipt, version }, timeZone }: PostPartProps) {
  const id = useId()
  const { posts: texts } = messages
  const count = receipt?.leftOut?.reduce((sum, entry) => sum + entry.count, 0) ?? 0
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.receipt}</h2>
      {receipt === null ? (
        <p class="hint">{texts.noReceipt}</p>
      ) : (
        <>
          <dl class="pairs">
            <dt>{texts.result}</dt>
            <dd class={receipt.result === 'FAILED' ? 'bad' : ''}>{texts.results[receipt.result]}</dd>
            <dt>{texts.at}</dt>
            <dd>{timeOf(receipt.at, timeZone)}</dd>
            <dt>{texts.current}</dt>
            <dd>{version}</dd>
            {receipt.message !== null && (
              <>
                <dt>{texts.why}</dt>
                <dd>{receipt.message}</dd>
              </>
            )}
          </dl>
          {receipt.leftOut !== null && count > 0 && (
            <details>
              <summary>{texts.leftOut(format.count(count))}</summary>
              <ul class="problems">
                {receipt.leftOut.map(({ reason, url, count: of }) => (
                  <li key={`${reason} ${url}`}>
                    {reason}: {url ?? format.count(of)}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  )
}

/** The publications and revocations of the post. */
export function PostHistory({ post: { publications }, timeZone }: PostPartProps) {
  const { posts: texts, charts } = messages
  if (publications.length === 0) return null
  return (
    <ReportTable
      caption={texts.history}
      rows={publications}
      rowKey={({ id }) => id}
      columns={[
        {
          header: texts.event,
          sortBy: ({ kind }) => (kind === 'REVOCATION' ? texts.revocation : texts.publication),
          cell: ({ kind }) => (kind === 'REVOCATION' ? texts.revocation : texts.publication),
        },
        {
          header: texts.at,
          sortBy: ({ at }) => Date.parse(at),
          csv: [{ header: charts.start(timeZone), value: ({ at }) => localTime(Date.parse(at), timeZone) }],
          cell: ({ at }) => timeOf(at, timeZone),
        },
        { header: texts.current, sortBy: ({ text }) => Number(text), cell: ({ text }) => text },
      ]}
    />
  )
}

function timeOf(at: string, timeZone: string): string {
  return formatTime(Date.parse(at), { dateStyle: 'medium', timeStyle: 'short', timeZone })
}
