import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { messages } from '../../messages/messages.ts'
import type { WorldMapProps } from './world-map.tsx'

/** The map. Its code and its countries are loaded when it comes into view. */
export function MapSection(props: WorldMapProps) {
  const box = useRef<HTMLDivElement>(null)
  const [loaded, setLoaded] = useState<ComponentType<WorldMapProps> | 'failed' | null>(null)
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
        import('./world-map.tsx').then(
          ({ WorldMap }) => setLoaded(() => WorldMap),
          () => setLoaded('failed'),
        )
      },
      { rootMargin: '200px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const { map } = messages
  if (loaded !== null && loaded !== 'failed') {
    const Map = loaded
    return <Map {...props} />
  }
  return (
    <div class="panel map-waiting" ref={box}>
      <p class="loading">{loaded === 'failed' ? map.failed : map.loading}</p>
    </div>
  )
}
