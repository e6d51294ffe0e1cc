import type { ComponentChildren } from 'preact'
import { messages } from '../messages/messages.ts'
import { serverAddress as server } from '../navigation/base-path.ts'
import { phraseOf, type TimeRange } from '../report/time-range.ts'

interface NoSitesProps {
  /** The form that adds a site; false: this account may add none. */
  readonly addSite: ComponentChildren
}

/** Shown while no site is registered. */
export function NoSites({ addSite }: NoSitesProps) {
  const { noSites } = messages
  return (
    <section class="panel narrow get-started">
      <p>{noSites.intro}</p>
      <h2>{noSites.wordpress}</h2>
      <ol>
        <li>{noSites.install}</li>
        <li>
          {noSites.enterBefore}
          <code>{server}</code>
          {noSites.enterAfter}
        </li>
        <li>{noSites.approve}</li>
      </ol>
      <h2>{noSites.other}</h2>
      <p>{noSites.snippet}</p>
      {addSite || <p class="hint">{noSites.askAdministrator}</p>}
    </section>
  )
}

interface NoViewsProps {
  readonly range: TimeRange
  /** Whether filters left views out. */
  readonly isFiltered?: boolean
}

/** Shown while a site has no views in the range. */
export function NoViews({ range, isFiltered = false }: NoViewsProps) {
  const { states } = messages
  const phrase = phraseOf(range)
  return (
    <section class="panel narrow no-views">
      <h2>{states.noViews(phrase)}</h2>
      <p>{isFiltered ? states.noFilteredViews(phrase) : states.noViewsHow}</p>
    </section>
  )
}
