import {
  type BotMark,
  type DropRow,
  encodeBotRow,
  encodeViewRow,
  type Store,
  type ViewRow,
} from '@peerpress/store'

/**
 * What the log holds is one line of JSON each. A letter before it says which table it is for; none stands for `views`,
 * as all entries were before there were others.
 */
const marks = { bots: 'b'.charCodeAt(0), drops: 'd'.charCodeAt(0) } as const
const lineEnd = 0x0a

/** A snapshot as an entry of the log. */
export function encodeEntry(row: ViewRow, bot: BotMark | null): Buffer {
  return Buffer.from(bot === null ? encodeViewRow(row) : `b${encodeBotRow(row, bot)}`)
}

/** A count of drops as an entry of the log. */
export function encodeDrops(row: DropRow): Buffer {
  return Buffer.from(`d${JSON.stringify(row)}`)
}

/** Brings entries, each on a line, to their tables; whatever comes twice counts once. */
export async function insertEntries(
  store: Pick<Store, 'insertViews' | 'insertBots' | 'insertDrops'>,
  entries: Buffer,
  token: string,
): Promise<void> {
  const { views, bots, drops } = byTable(entries)
  if (views.length > 0) await store.insertViews(views, token)
  if (bots.length > 0) await store.insertBots(bots, token)
  if (drops.length > 0) await store.insertDrops(drops, token)
}

/** The lines of each table without their marks. */
function byTable(entries: Buffer): Record<'views' | 'bots' | 'drops', Buffer> {
  const parts: Record<'views' | 'bots' | 'drops', Buffer[]> = { views: [], bots: [], drops: [] }
  // Lines of views that follow each other, which nearly all do, are taken as one.
  let viewsFrom = 0
  for (let start = 0; start < entries.length;) {
    const end = entries.indexOf(lineEnd, start) + 1 || entries.length
    const mark = entries[start]
    if (mark === marks.bots || mark === marks.drops) {
      parts.views.push(entries.subarray(viewsFrom, start))
      parts[mark === marks.bots ? 'bots' : 'drops'].push(entries.subarray(start + 1, end))
      viewsFrom = end
    }
    start = end
  }
  parts.views.push(entries.subarray(viewsFrom))
  return {
    views: parts.views.length === 1 ? (parts.views[0] as Buffer) : Buffer.concat(parts.views),
    bots: Buffer.concat(parts.bots),
    drops: Buffer.concat(parts.drops),
  }
}
