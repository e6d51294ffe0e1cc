import {
  type BotMark,
  type DropRow,
  encodeBotRow,
  encodeViewRow,
  type Store,
  type ViewRow,
} from '@peerpress/store'

/**
 * An entry of the log is one line of JSON. A letter before it names its table. Without a letter the table is `views`,
 * as in logs of the first releases.
 */
const marks = { bots: 'b'.charCodeAt(0), drops: 'd'.charCodeAt(0) } as const
const lineEnd = 0x0a

/** Encodes a snapshot as an entry of the log. */
export function encodeEntry(row: ViewRow, bot: BotMark | null): Buffer {
  return Buffer.from(bot === null ? encodeViewRow(row) : `b${encodeBotRow(row, bot)}`)
}

/** Encodes a count of drops as an entry of the log. */
export function encodeDrops(row: DropRow): Buffer {
  return Buffer.from(`d${JSON.stringify(row)}`)
}

/** Inserts entries, one per line, into their tables. An entry that is inserted twice counts once. */
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

/** Returns the lines of each table without their letters. */
function byTable(entries: Buffer): Record<'views' | 'bots' | 'drops', Buffer> {
  const parts: Record<'views' | 'bots' | 'drops', Buffer[]> = { views: [], bots: [], drops: [] }
  // Consecutive lines of views are copied together: nearly all lines are of views.
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
