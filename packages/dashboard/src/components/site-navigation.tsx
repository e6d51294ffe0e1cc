import { useEffect, useRef } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import { sitePath } from '../navigation/place.ts'
import { hrefOf } from '../navigation/use-place.ts'
import { sitePages } from '../pages.ts'
import { formatReportState, type ReportState } from '../report/report-state.ts'

interface SiteNavigationProps {
  readonly siteId: string
  /** The path of the page that is shown. */
  readonly page: string
  /** The range, comparison and filters go along to the other pages. */
  readonly state: ReportState
}

/** Links to the pages of a site. They scroll sideways where they are too wide. */
export function SiteNavigation({ siteId, page, state }: SiteNavigationProps) {
  const current = useRef<HTMLAnchorElement>(null)
  // On a phone, the link may be out of view at first.
  useEffect(() => current.current?.scrollIntoView({ block: 'nearest', inline: 'center' }), [page])
  return (
    <nav class="site-navigation" aria-label={messages.frame.navigation}>
      <ul>
        {sitePages.map(({ path, label }) => (
          <li key={path}>
            <a
              href={`${hrefOf(sitePath(siteId, path))}?${formatReportState(state)}`}
              ref={path === page ? current : null}
              aria-current={path === page ? 'page' : undefined}
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
