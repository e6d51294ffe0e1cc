import { SaveCsv } from '../../components/tables/save-csv.tsx'
import { pageResults } from './connector-state.ts'
import { connectorsMessages } from '../../messages/connectors-messages.ts'

const texts = connectorsMessages.connectorPages

interface ConnectorPagesProps {
  readonly pages: readonly {
    readonly postId: string
    readonly url: string
    readonly requestedAt: string
    readonly result: keyof typeof pageResults | null
    readonly message: string | null
  }[]
  readonly time: (text: string | null) => string
}

/** The pages that a connector had read last, and what became of them. */
export function ConnectorPages({ pages, time }: ConnectorPagesProps) {
  return (
    <details>
      <summary>{texts.pagesThatWereRead}</summary>
      <SaveCsv
        caption={texts.pagesThatWereRead}
        csv={() => ({
          header: [texts.page, texts.requested, texts.result, texts.message],
          rows: pages.map(({ url, requestedAt, result, message }) => [
            url,
            time(requestedAt),
            result === null ? texts.waits : pageResults[result],
            message,
          ]),
        })}
      />
      <div class="table-scroll" role="region" aria-label={texts.pagesThatWereRead} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.page}</th>
              <th scope="col">{texts.requested}</th>
              <th scope="col">{texts.result}</th>
            </tr>
          </thead>
          <tbody>
            {pages.map(({ postId, url, requestedAt, result, message }) => (
              <tr key={postId}>
                <th scope="row">
                  <a href={url}>{new URL(url).pathname}</a>
                </th>
                <td>{time(requestedAt)}</td>
                <td>
                  {result === null ? texts.waits : pageResults[result]}
                  {message !== null && <span class="cell-note">{message}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
