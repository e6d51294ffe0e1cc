import type { checkSoftNavsEnabled as check, storeSoftNavEntry as store } from 'web-vitals/lib/softNavs.js'

interface Reporting {
  readonly PerformanceSoftNavigation?: {
    readonly prototype: { readonly getLargestInteractionContentfulPaint?: unknown }
  }
}

/** Whether the browser reports soft navigations by the interface that web-vitals reads. Here they are always wanted. */
export const checkSoftNavsEnabled: typeof check = () =>
  !!(window as Reporting).PerformanceSoftNavigation?.prototype.getLargestInteractionContentfulPaint

/** Nobody asks for an earlier one here. */
export const storeSoftNavEntry: typeof store = () => {}
