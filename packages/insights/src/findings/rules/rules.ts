import { changeAfterRelease } from './change-after-release.ts'
import { desktopPicture } from './desktop-picture.ts'
import { failingVitals } from './failing-vitals.ts'
import { fallenEngine } from './fallen-engine.ts'
import { heavyPicture } from './heavy-picture.ts'
import { idlePeers } from './idle-peers.ts'
import { laggingRegion } from './lagging-region.ts'
import { leavingPost } from './leaving-post.ts'
import { slowTemplate } from './slow-template.ts'

/** All rules. A new rule is a file and an entry here. */
export const rules = [
  laggingRegion,
  fallenEngine,
  failingVitals,
  changeAfterRelease,
  slowTemplate,
  leavingPost,
  heavyPicture,
  desktopPicture,
  idlePeers,
] as const

export type RuleName = (typeof rules)[number]['name']
