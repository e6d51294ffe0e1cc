import { messages } from '../messages/messages.ts'
import { hrefOf } from '../navigation/use-place.ts'
import { Page } from './page.tsx'

/** Shown at an address that leads to nothing. */
export function NotFound() {
  return (
    <Page title={messages.frame.notFound}>
      <section class="panel narrow">
        <p>
          {messages.frame.notFoundWhy}
          <a href={hrefOf('/')}>{messages.frame.yourSites}</a>.
        </p>
      </section>
    </Page>
  )
}
