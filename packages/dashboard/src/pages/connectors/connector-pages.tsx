import { pageResults } from './connector-state.ts'

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
      <summary>Pages that were read last</summary>
      <div class="table-scroll" role="region" aria-label="Pages that were read last" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Page</th>
              <th scope="col">Requested</th>
              <th scope="col">Result</th>
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
                  {result === null ? 'Waits' : pageResults[result]}
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
