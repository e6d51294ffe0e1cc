import { useEffect, useState } from 'preact/hooks'
import { formatSelection, parseSelection, type Selection } from './selection.ts'

/** The selection in the page's address, and a way to change it. */
export function useSelection(): readonly [Selection, (changed: Partial<Selection>) => void] {
  const [selection, setSelection] = useState(() => parseSelection(location.hash))
  useEffect(() => {
    const read = () => setSelection(parseSelection(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  return [selection, (changed) => (location.hash = formatSelection({ ...selection, ...changed }))]
}
