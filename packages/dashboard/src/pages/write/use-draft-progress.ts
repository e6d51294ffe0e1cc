import { useEffect, useRef, useState } from 'preact/hooks'
import { DraftProgressDocument, type DraftProgressSubscription } from '../../generated/graphql.ts'
import { GraphError } from '../../session/graph-error.ts'
import { useSession } from '../../session/session.tsx'
import { streamGraph } from '../../session/stream-graph.ts'

/** How far a draft is. */
export type DraftProgress = DraftProgressSubscription['draftProgress']

export interface FollowedDrafts {
  /** The last event of each draft, by its id. Empty while no stream is open. */
  readonly progress: ReadonlyMap<string, DraftProgress>
  /** Whether a stream is open. Else the list is loaded again and again. */
  readonly isLive: boolean
}

/** ms until a broken stream is opened again: the first time, and at most. The pause doubles each time. */
const pause = { first: 2_000, longest: 60_000 }

const none: FollowedDrafts = { progress: new Map(), isLive: false }

/**
 * Follows drafts by one stream, while the page is visible. A stream that breaks is opened again after a pause.
 * @param onEnded called when a draft has ended
 */
export function useDraftProgress(ids: readonly string[], onEnded: () => void): FollowedDrafts {
  const { token, requireSignIn } = useSession()
  const [followed, setFollowed] = useState<FollowedDrafts>(none)
  const [opened, setOpened] = useState(0)
  const failures = useRef(0)
  const isVisible = useVisibility()

  useEffect(() => {
    if (ids.length === 0 || !isVisible) {
      setFollowed(none)
      return undefined
    }
    const controller = new AbortController()
    const { signal } = controller
    let timer: ReturnType<typeof setTimeout> | undefined
    const take = ({ draftProgress }: DraftProgressSubscription) => {
      failures.current = 0
      setFollowed(({ progress }) => ({
        isLive: true,
        progress: new Map(progress).set(draftProgress.draftId, draftProgress),
      }))
      if (!isPending(draftProgress)) onEnded()
    }
    const end = (error?: unknown) => {
      if (signal.aborted) return
      setFollowed(none)
      if (error instanceof GraphError && error.code === 'unauthenticated') requireSignIn()
      else timer = setTimeout(() => setOpened((count) => count + 1), pauseAfter(failures.current++))
    }
    streamGraph(DraftProgressDocument, { ids: [...ids] }, { token, signal, onData: take }).then(
      () => end(),
      end,
    )
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [ids.join(), isVisible, token, opened])

  return followed
}

/** Whether a draft is not written yet. */
export function isPending({ status }: Pick<DraftProgress, 'status'>): boolean {
  return status === 'QUEUED' || status === 'WRITING'
}

function pauseAfter(earlier: number): number {
  return Math.min(pause.longest, pause.first * 2 ** earlier)
}

function useVisibility(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const change = () => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', change)
    return () => document.removeEventListener('visibilitychange', change)
  }, [])
  return isVisible
}
