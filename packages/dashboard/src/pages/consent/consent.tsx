import { useEffect, useState } from 'preact/hooks'
import { Page } from '../../components/page.tsx'
import { SearchConsoleCompleteDocument } from '../../generated/graphql.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { present } from '../../session/user-errors.ts'
import { consentMessages } from '../../messages/consent-messages.ts'

const texts = consentMessages.consent

/** Where Google sends the browser after a consent. It completes the connection, and shows the site's settings. */
export function Consent() {
  const [{ code, state, refusal }] = useState(() => {
    const given = new URLSearchParams(location.search)
    return { code: given.get('code') ?? '', state: given.get('state') ?? '', refusal: given.get('error') }
  })
  const send = useSendToGraph()
  const { go } = usePlace()
  const { make, problem } = useChange()
  useEffect(() => {
    // The code goes neither into the history nor into a copied address.
    history.replaceState(null, '', location.pathname)
    if (code === '' || state === '') return
    make(async () => {
      const { searchConsoleComplete } = await send(SearchConsoleCompleteDocument, { input: { code, state } })
      go(sitePath(present(searchConsoleComplete.site).siteId, 'settings'), { replace: true })
    })
  }, [])
  const isIncomplete = code === '' || state === ''
  return (
    <Page title={texts.googleSearchConsole}>
      {!isIncomplete && problem === null && (
        <p class="loading" role="status">
          {texts.connecting}
        </p>
      )}
      {(isIncomplete || problem !== null) && (
        <section class="panel narrow">
          <p role="alert">
            {problem ?? (refusal === null ? texts.thisAddressLacksWhat : texts.googleWasGivenNo)}
          </p>
          <p>
            {texts.nothingWasConnected} <a href={hrefOf('/')}>{texts.chooseSite}</a>
            {texts.andBeginAgain}
          </p>
        </section>
      )}
    </Page>
  )
}
