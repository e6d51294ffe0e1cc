import { ReportTable } from '../../components/tables/report-table.tsx'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { postPath } from '../../report/post-path.ts'
import type { PostDetails } from './post-details.ts'

/** The files of the latest publication, the largest first. */
export function PostAssets({ post: { assets } }: { readonly post: PostDetails }) {
  const { posts: texts } = messages
  if (assets.length === 0) {
    return (
      <section class="panel">
        <h2>{texts.assets}</h2>
        <p class="hint">{texts.noAssets}</p>
      </section>
    )
  }
  return (
    <ReportTable
      caption={texts.assets}
      rows={assets}
      rowKey={({ url }) => url}
      columns={[
        {
          header: texts.asset,
          sortBy: ({ url }) => url,
          cell: ({ url, assetId }) => <a href={url}>{postPath(assetId, url)}</a>,
        },
        { header: texts.size, sortBy: ({ size }) => size, cell: ({ size }) => format.bytes(size) },
        { header: texts.type, sortBy: ({ type }) => type, cell: ({ type }) => type },
      ]}
    />
  )
}
