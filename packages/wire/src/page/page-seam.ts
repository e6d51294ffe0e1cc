import type { Beacon, Delivery } from '../beacon.ts'
import type { PageConfig } from './page-config.ts'

/** `window.peerpress`: the interface between the loader, the SDK and the page's own scripts. */
export interface PageSeam {
  readonly config: PageConfig
  /** The arm of this view. It is drawn once per view, before any peer code is loaded. */
  readonly arm: Beacon['arm']
  /**
   * Records the reader's choice. `false` closes every connection at once. `true` starts peers if the arm allows them.
   */
  readonly consent: (granted: boolean) => void
  /**
   * Returns the sources of this view's asset bytes so far, or null until a manifest is verified. Missing without peers.
   */
  delivery?: () => Delivery | null
}
