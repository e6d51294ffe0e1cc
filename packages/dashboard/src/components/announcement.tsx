import { useEffect, useRef, useState } from 'preact/hooks'

/** ms between two announcements. A screen reader would be behind if each change were read out. */
const pause = 10_000

/** Reads a changing text out: at most one in ten seconds, and then the latest. Nothing of it is seen. */
export function Announcement({ text }: { readonly text: string }) {
  const [read, setRead] = useState('')
  const lastAt = useRef(-Infinity)
  useEffect(() => {
    if (text === read) return undefined
    const wait = Math.max(0, lastAt.current + pause - performance.now())
    const timer = setTimeout(() => {
      lastAt.current = performance.now()
      setRead(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text, read])
  return (
    <p class="visually-hidden" role="status">
      {read}
    </p>
  )
}
