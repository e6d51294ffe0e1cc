import { useMemo } from 'preact/hooks'
import { type FigureRow, figureColumns } from '../figures/figure-columns.tsx'
import { type Column, ReportTable } from './report-table.tsx'

interface PostTableProps {
  readonly rows: readonly FigureRow[]
  /** The known posts and their addresses. */
  readonly posts: readonly { readonly postId: string; readonly url: string }[]
}

/** The figures by post, for the posts with most views. */
export function PostTable({ rows, posts }: PostTableProps) {
  const columns = useMemo(
    () => [postColumn(new Map(posts.map(({ postId, url }) => [postId, url]))), ...figureColumns],
    [posts],
  )
  return <ReportTable caption="By post" columns={columns} rows={rows} rowKey={({ key }) => key ?? ''} />
}

function postColumn(urls: ReadonlyMap<string, string>): Column<FigureRow> {
  const path = (key: string) => {
    const url = urls.get(key)
    return url === undefined ? `Post ${key}` : decodePath(new URL(url))
  }
  return {
    header: 'Post',
    sortBy: ({ key }) => (key === null ? null : path(key)),
    cell: ({ key }) => {
      if (key === null) return <i>Other pages</i>
      const url = urls.get(key)
      return url === undefined ? path(key) : <a href={url}>{path(key)}</a>
    },
  }
}

/** Returns the path and query of an address, decoded. */
function decodePath({ pathname, search }: URL): string {
  try {
    return decodeURIComponent(pathname + search)
  } catch {
    return pathname + search
  }
}
