import type { Beacon } from '@peerpress/wire'
import type { Target } from './find-target.ts'
import { toJson } from '@peerpress/wire/to-json'
import { randomId } from './view-id.ts'
import { dayMs } from '../within.ts'

/** Views that one reader took in one tab, one after another. */
export interface SessionMemory {
  /** A view begins: the session it is part of, and whether it is its first. null where none may be kept. */
  readonly begin: (now: number) => Beacon['session']
  /** The reader, if still of a session, was here until now. Times are ms since the Unix epoch. */
  readonly touch: (now: number) => void
}

/** What the tab remembers: the session's id and when the reader was last seen. */
interface Remembered {
  readonly id: string
  readonly seen: number
}

const key = 'peerpress:session'
/** Set by the loader while the reader objects. */
const objectionKey = 'peerpress:objection'
/** ms without the reader after which another session begins: Google Analytics' default. */
const sessionTimeout = 30 * 60 * 1000

/**
 * The session in this tab's memory, which ends 30 minutes after the reader was last seen, at midnight UTC, and with the
 * tab. Its id is random and names nothing else. null where the owner or the reader lets nothing be remembered.
 */
export function openSession(page: Pick<Window, 'sessionStorage'>): SessionMemory {
  const remember = (session: Remembered): void => page.sessionStorage.setItem(key, toJson(session))
  const current = (now: number): Remembered | null => {
    const { id, seen } = JSON.parse(page.sessionStorage.getItem(key) ?? '{}') as Partial<Remembered>
    // Whatever else the page put there compares as false.
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

/** Removes what the tab remembers. */
export function forgetSession(page: Pick<Window, 'sessionStorage'>): void {
  page.sessionStorage.removeItem(key)
}

/** Whether a reader's browser may be asked to remember anything: as the owner decided, and the reader does not object. */
export function mayRemember(
  { consent }: Pick<Target, 'consent'>,
  page: { readonly navigator: object; readonly localStorage: Pick<Storage, 'getItem'> },
): boolean {
  const { globalPrivacyControl } = page.navigator as { readonly globalPrivacyControl?: boolean }
  return consent === 'assumed' && !globalPrivacyControl && page.localStorage.getItem(objectionKey) === null
}
