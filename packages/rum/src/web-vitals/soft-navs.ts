import type { checkSoftNavsEnabled as check, storeSoftNavEntry as store } from 'web-vitals/lib/softNavs.js'

interface Reporting {
  readonly PerformanceSoftNavigation?: {
    readonly prototype: { readonly getLargestInteractionContentfulPaint?: unknown }
  }
}

/**
 * Returns whether the browser reports soft navigations with the interface that web-vitals reads. The SDK always wants
 * them.
 */
export const checkSoftNavsEnabled: typeof check = () =>
  !!(window as Reporting).PerformanceSoftNavigation?.prototype.getLargestInteractionContentfulPaint

/** The SDK reads no earlier soft navigation. */
export const storeSoftNavEntry: typeof store = () => {}
