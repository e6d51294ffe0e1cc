/** Where the feed's pages are. */
export const feedPath = '/community'

/** What a list of posts is about, and how it is ordered. */
export interface FeedView {
  readonly order: 'hot' | 'new'
  /** ISO 639; null: all. */
  readonly language: string | null
  /** ISO 3166-1 alpha-2; null: all. */
  readonly region: string | null
}

export const hotView: FeedView = { order: 'hot', language: null, region: null }

/** Returns the path of a list. */
export function viewPath({ order, language, region }: FeedView): string {
  if (language !== null) return `${feedPath}/language/${language}`
  if (region !== null) return `${feedPath}/region/${region}`
  return order === 'new' ? `${feedPath}/new` : feedPath
}

/** Returns the path of a shared post. */
export function postPath(id: string): string {
  return `${feedPath}/posts/${encodeURIComponent(id)}`
}

/** Returns the path of a member site. */
export function memberPath(member: string): string {
  return `${feedPath}/sites/${encodeURIComponent(member)}`
}
