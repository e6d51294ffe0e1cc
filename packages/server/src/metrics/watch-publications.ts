import type { JobOutcome, Publisher } from '@peerpress/publisher'

/** Counts of publications. */
export interface PublicationWatch {
  /** Returns the runs of jobs since the start, by result. `contradicted` counts the published ones that ended a suspension. */
  counts(): Readonly<Record<string, number>>
}

/** Counts publications by result, and logs failures and contradictions. */
export function watchPublications(
  publisher: Pick<Publisher, 'onJobDone'>,
  log: (notice: string) => void,
): PublicationWatch {
  const counts: Record<JobOutcome['result'] | 'contradicted', number> = {
    published: 0,
    unchanged: 0,
    revoked: 0,
    absent: 0,
    failed: 0,
    contradicted: 0,
  }
  publisher.onJobDone((outcome) => {
    const { site, post, attempt, result } = outcome
    counts[result]++
    if (result === 'failed') {
      const { code, message } = outcome
      log(`publishing post ${post} of site ${site} failed (${code}), attempt ${attempt}: ${message}`)
    } else if (result === 'published' && outcome.contradiction === true) {
      counts.contradicted++
      log(
        `post ${post} of site ${site} was suspended and is published again: an event without a home URL said that it is not public, but its page still offers assistance; a copy of the site may have sent it: update the plugin`,
      )
    }
  })
  return { counts: () => ({ ...counts }) }
}
