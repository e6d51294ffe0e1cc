import type { Migration } from './migration.ts'
import { viewsStep } from './steps/0001-views.ts'
import { referralStep } from './steps/0002-referral.ts'
import { attributionStep } from './steps/0003-attribution.ts'
import { sessionStep } from './steps/0004-session.ts'
import { arrivalsStep } from './steps/0005-arrivals.ts'
import { cellsStep } from './steps/0006-cells.ts'
import { experienceStep } from './steps/0007-experience.ts'
import { receptionStep } from './steps/0008-reception.ts'
import { keepingStep } from './steps/0009-keeping.ts'
import { rollupsStep } from './steps/0010-rollups.ts'
import { compressionStep } from './steps/0011-compression.ts'
import { playbackStep } from './steps/0012-playback.ts'
import { shortReceiptsStep } from './steps/0013-short-receipts.ts'
import { arrivedAddedUpStep } from './steps/0014-arrived-added-up.ts'
import { originLoadAndLongFramesStep } from './steps/0015-origin-load-and-long-frames.ts'
import { searchWeeksStep } from './steps/0016-search-weeks.ts'
import { searchFiguresStep } from './steps/0017-search-figures.ts'
import { connectedViewsStep } from './steps/0018-connected-views.ts'
import { searchPropertiesStep } from './steps/0019-search-properties.ts'

/** The steps of the schema, in the order in which they run. */
export const migrations: readonly Migration[] = [
  viewsStep,
  referralStep,
  attributionStep,
  sessionStep,
  arrivalsStep,
  cellsStep,
  experienceStep,
  receptionStep,
  keepingStep,
  rollupsStep,
  compressionStep,
  playbackStep,
  shortReceiptsStep,
  arrivedAddedUpStep,
  originLoadAndLongFramesStep,
  searchWeeksStep,
  searchFiguresStep,
  connectedViewsStep,
  searchPropertiesStep,
]
