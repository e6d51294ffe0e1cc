import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import type { SitePageProps } from '../pages/site-page.ts'

type Page = ComponentType<SitePageProps>

/** Returns a page whose code is loaded when it is first shown. */
export function lazyPage(load: () => Promise<Page>): Page {
  let loaded: Page | null = null
  return function LazyPage(props) {
    const [shown, show] = useState<Page | 'failed' | null>(() => loaded)
    useEffect(() => {
      if (loaded !== null) return
      const take = (page: Page) => {
        loaded = page
        show(() => page)
      }
      load().then(take, () => show('failed'))
    }, [])
    if (shown === null) return <p class="loading">{messages.states.loading}</p>
    if (shown === 'failed') return <NewRelease />
    const Shown = shown
    return <Shown {...props} />
  }
}

/** The files of an earlier release are not on the server any more. */
function NewRelease() {
  const { states } = messages
  return (
    <div class="failure" role="alert">
      <p>{states.newRelease}</p>
      <button type="button" onClick={() => location.reload()}>
        {states.reload}
      </button>
    </div>
  )
}
