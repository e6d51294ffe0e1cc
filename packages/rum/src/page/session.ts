import type { Beacon } from '@peerpress/wire'
import type { Target } from './find-target.ts'
import { toJson } from '@peerpress/wire/to-json'
import { randomId } from './view-id.ts'
import { dayMs } from '../within.ts'

/** The session of one tab: views of one reader, one after another. */
export interface SessionMemory {
  /** Returns the session that a new view belongs to, and whether it is its first view; null if none may be stored. */
  readonly begin: (now: number) => Beacon['session']
  /** Records activity of the reader if the session has not ended. Times are in ms since the Unix epoch. */
  readonly touch: (now: number) => void
}

/** The stored session: its id and the time of the last activity. */
interface Remembered {
  readonly id: string
  readonly seen: number
}

const key = 'peerpress:session'
/** Set by the loader while the reader objects. */
const objectionKey = 'peerpress:objection'
/** Inactivity after which another session begins, ms: the default of Google Analytics. */
const sessionTimeout = 30 * 60 * 1000

/**
 * Opens the session in this tab's storage. It ends 30 minutes after the last activity, at midnight UTC, and with the
 * tab. Its id is random and identifies nothing else.
 */
export function openSession(page: Pick<Window, 'sessionStorage'>): SessionMemory {
  const remember = (session: Remembered): void => page.sessionStorage.setItem(key, toJson(session))
  const current = (now: number): Remembered | null => {
    const { id, seen } = JSON.parse(page.sessionStorage.getItem(key) ?? '{}') as Partial<Remembered>
    // Other content that the page stored there compares as false.
    const goesOn =
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id as string) &&
      now >= (seen as number) &&
      now - (seen as number) < sessionTimeout &&
      Math.floor(now / dayMs) === Math.floor((seen as number) / dayMs)
    return goesOn ? ({ id, seen } as Remembered) : null
  }
  return {
    begin(now) {
      const before = current(now)
      const id = before?.id ?? randomId()
      remember({ id, seen: now })
      return { id, landing: before === null }
    },
    touch(now) {
      const session = current(now)
      if (session) remember({ id: session.id, seen: now })
    },
  }
}

/** Removes the stored session. */
export function forgetSession(page: Pick<Window, 'sessionStorage'>): void {
  page.sessionStorage.removeItem(key)
}

/** Returns whether the browser may store anything: the owner assumes consent, and the reader does not object. */
export function mayRemember(
  { consent }: Pick<Target, 'consent'>,
  page: { readonly navigator: object; readonly localStorage: Pick<Storage, 'getItem'> },
): boolean {
  const { globalPrivacyControl } = page.navigator as { readonly globalPrivacyControl?: boolean }
  return consent === 'assumed' && !globalPrivacyControl && page.localStorage.getItem(objectionKey) === null
}
