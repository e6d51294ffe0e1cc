import type { Beacon, Delivery } from '../beacon.ts'
import type { PageConfig } from './page-config.ts'

/** `window.peerpress`: what the loader, the SDK and the page's own scripts share. */
export interface PageSeam {
  readonly config: PageConfig
  /** Drawn once per view, before any peer code is loaded. */
  readonly arm: Beacon['arm']
  /** The reader's choice. `false` closes every connection at once; `true` starts where the arm allows. */
  readonly consent: (granted: boolean) => void
  /** Where this view's asset bytes came from so far; null until a manifest is verified. Absent without peers. */
  delivery?: () => Delivery | null
}
