import { LocationProvider } from 'preact-iso/router'
import { useEffect, useRef } from 'preact/hooks'
import { basePath } from '../navigation/base-path.ts'
import { pathOfOldLink } from '../navigation/place.ts'
import { usePlace } from '../navigation/use-place.ts'
import { Accounts } from '../pages/accounts/accounts.tsx'
import { AllSites } from '../pages/all-sites/all-sites.tsx'
import { Consent } from '../pages/consent/consent.tsx'
import { InstallationLog } from '../pages/log/installation-log.tsx'
import { Moderation } from '../pages/moderation/moderation.tsx'
import { SignIn } from '../pages/sign-in/sign-in.tsx'
import { Welcome } from '../pages/welcome/welcome.tsx'
import { YourAccount } from '../pages/your-account/your-account.tsx'
import { SessionProvider } from '../session/session.tsx'
import { NotFound } from './not-found.tsx'
import { mainId } from './page.tsx'
import { SiteFrame } from './site-frame.tsx'

/**
 * The whole dashboard. Its router follows every link below the dashboard's root by itself: one to another part of the server,
 * such as `/connect`, needs `target="_top"`.
 */
export function App() {
  return (
    <LocationProvider scope={basePath}>
      <SessionProvider>
        <Shown />
      </SessionProvider>
    </LocationProvider>
  )
}

/** The page at the reader's address. */
function Shown() {
  const { place, path, go } = usePlace()
  useFocusOnNewPage(path)
  const oldLink = place.kind === 'all-sites' ? pathOfOldLink(location.hash) : null
  useEffect(() => {
    const follow = () => {
      const target = pathOfOldLink(location.hash)
      if (target !== null) go(target, { replace: true })
    }
    follow()
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  if (oldLink !== null) return null
  switch (place.kind) {
    case 'all-sites':
      return <AllSites />
    case 'site':
      return <SiteFrame siteId={place.siteId} page={place.page} />
    case 'sign-in':
      return <SignIn />
    case 'welcome':
      return <Welcome />
    case 'search-console':
      return <Consent />
    case 'you':
      return <YourAccount />
    case 'accounts':
      return <Accounts />
    case 'log':
      return <InstallationLog />
    case 'moderation':
      return <Moderation />
    case 'unknown':
      return <NotFound />
  }
}

/** Moves the focus to a page after a link was followed, so that a screen reader and the Tab key continue there. */
function useFocusOnNewPage(path: string): void {
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    const main = document.getElementById(mainId)
    const { activeElement } = document
    // A form has focused its first field, and the arrow keys go through the choice of a site.
    const isChosen = main?.contains(activeElement) || activeElement instanceof HTMLSelectElement
    if (!isChosen) main?.focus()
  }, [path])
}
