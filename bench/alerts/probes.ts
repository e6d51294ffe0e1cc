import { seededRandom } from '@peerpress/swarm/simulation'
import { judgeProbes } from '@peerpress/watch'

const minuteMs = 60_000
/** A dead host may answer nothing at all: then a probe ends at its time limit. */
const probeTimeMs = 10_000

/** Simulates an origin that dies at a random moment between two probes. Returns the minutes until the third failure pages. */
export function minutesUntilProbesPage(seed: number): number {
  const random = seededRandom(seed)
  const death = random() * minuteMs
  const outcomes: Parameters<typeof judgeProbes>[1][number][] = []
  for (let at = 0; ; at += minuteMs) {
    const ok = at < death
    const failure = ok ? null : { code: 'timeout', message: 'no answer' }
    const took = ok ? 200 : random() * probeTimeMs
    outcomes.unshift({
      site: 's',
      kind: 'http',
      url: '',
      at: new Date(at),
      ok,
      failure,
      durationMs: took,
      timings: {},
    })
    // The site is judged when a probe has ended.
    if (judgeProbes('http', outcomes).state === 'failing') return (at + took - death) / minuteMs
  }
}
