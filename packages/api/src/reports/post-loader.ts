import type { PostSummary, Registry } from '@peerpress/registry'
import DataLoader from 'dataloader'

/** A post by its site and id. */
interface PostKey {
  readonly site: string
  readonly post: string
}

/** Loads posts, and the numbers of their assets, together: all that one list needs by one query each. */
export interface PostLoader {
  readonly summaries: DataLoader<PostKey, PostSummary | null, string>
  readonly assetCounts: DataLoader<PostKey, number, string>
}

/** Creates the loader of one request. */
export function postLoader({ posts }: Pick<Registry, 'posts'>): PostLoader {
  const cacheKeyFn = ({ site, post }: PostKey) => `${site}/${post}`
  const bySite = async <Value>(
    keys: readonly PostKey[],
    load: (site: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ): Promise<(Value | null)[]> => {
    const sites = Map.groupBy(keys, ({ site }) => site)
    const loaded = await Promise.all(
      [...sites].map(async ([site, of]) => {
        const ids = of.map(({ post }) => post)
        return [site, await load(site, ids)] as const
      }),
    )
    const found = new Map(loaded)
    return keys.map(({ site, post }) => found.get(site)?.get(post) ?? null)
  }
  return {
    summaries: new DataLoader((keys) => bySite(keys, (site, ids) => posts.summaries(site, ids)), {
      cacheKeyFn,
    }),
    assetCounts: new DataLoader(
      async (keys) =>
        (await bySite(keys, (site, ids) => posts.assetCounts(site, ids))).map((count) => count ?? 0),
      { cacheKeyFn },
    ),
  }
}
