import { useCallback, useState } from 'preact/hooks'
import { SitesDocument } from '../generated/graphql.ts'
import { keepOperatorToken, readOperatorToken } from '../session/operator-token.ts'
import { queryGraph } from '../session/query-graph.ts'
import { usePolled } from '../session/use-polled.ts'
import { useSelection } from '../session/use-selection.ts'
import { Failure } from './failure.tsx'
import { NoSites } from './get-started.tsx'
import { Page } from './page.tsx'
import { RangePicker } from './range-picker.tsx'
import { SignIn } from './sign-in.tsx'
import { SitePicker } from './site-picker.tsx'
import { SiteReport } from './site-report.tsx'

/** Interval between two loads of the list of sites, ms: new sites are rare. */
const sitesEvery = 300_000

/** The whole page: sign-in, choice of site and range, and the report. */
export function App() {
  const [token, setToken] = useState(readOperatorToken)
  const [signInNeeded, setSignInNeeded] = useState(false)
  const [selection, select] = useSelection()
  const changeToken = (changed: string | null) => {
    keepOperatorToken(changed)
    setToken(changed)
    setSignInNeeded(false)
  }
  const loadSites = useCallback(
    (signal: AbortSignal) => queryGraph(SitesDocument, {}, { token, signal }),
    [token],
  )
  const { data, error, reload } = usePolled(loadSites, sitesEvery)
  const signOut = token === null ? null : () => changeToken(null)

  if (signInNeeded || error?.code === 'unauthenticated') {
    return (
      <Page onSignOut={null}>
        <SignIn refused={token !== null} onToken={changeToken} />
      </Page>
    )
  }
  if (data === null) {
    return (
      <Page onSignOut={signOut}>
        {error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />}
      </Page>
    )
  }

  const sites = data.sites.edges.map(({ node }) => node)
  const site = sites.find(({ siteId }) => siteId === selection.siteId) ?? sites[0]
  if (site === undefined) {
    return (
      <Page onSignOut={signOut}>
        <NoSites />
      </Page>
    )
  }
  return (
    <Page
      onSignOut={signOut}
      controls={
        <>
          <SitePicker sites={sites} siteId={site.siteId} onPick={(siteId) => select({ siteId })} />
          <RangePicker range={selection.range} onPick={(range) => select({ range })} />
        </>
      }
    >
      <SiteReport
        key={site.siteId}
        siteId={site.siteId}
        range={selection.range}
        token={token}
        onUnauthenticated={() => setSignInNeeded(true)}
      />
    </Page>
  )
}
