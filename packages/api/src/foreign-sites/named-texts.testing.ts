import type { BriefInput, Registry } from '@peerpress/registry'

/** Records a model, and a refused draft whose texts name the site. */
export async function recordDrafts(
  registry: Registry,
  { site, name, brief, fact }: Readonly<Record<'site' | 'name' | 'brief' | 'fact', string>>,
): Promise<void> {
  await registry.models.set(
    {
      site,
      kind: 'endpoint',
      baseUrl: `https://models.${name}.example/v1`,
      name: `model of ${name}`,
      key: `sk-of-${name}`,
      allowPrivateAddresses: false,
      prices: { input: 1, output: 2, currency: 'EUR' },
      budget: 10,
      maxOutputTokens: 1000,
    },
    'operator',
  )
  const { id } = await registry.drafts.request({
    site,
    brief,
    language: 'en',
    region: 'FR',
    requestedBy: null,
  })
  const claims = [{ text: `A claim about ${name}.`, evidence: [fact] }]
  await registry.drafts.change(id, {
    from: ['queued'],
    to: 'refused',
    error: `A problem of ${name}.`,
    content: {
      title: `A draft of ${name}`,
      description: `A draft about ${name}`,
      sections: [{ heading: `A section of ${name}`, claims }],
    },
    refusals: [{ section: 0, claim: 0, code: 'number', reason: `The number of ${name} is not there.` }],
  })
}

/** Returns a brief whose texts name the site. */
export function briefOf(name: string, fact: string): BriefInput {
  const text = { text: `An option of ${name}.`, pixels: 99 }
  const url = `https://${name}.example.org/post/`
  return {
    subject: name,
    kind: 'lagging-region',
    question: `A question of ${name}?`,
    readers: `Readers of ${name}`,
    region: 'FR',
    language: 'fr',
    outline: [{ heading: `A heading of ${name}`, evidence: [fact] }],
    titles: [text],
    descriptions: [text],
    links: [{ post: '12', url, title: `A post of ${name}`, score: 1 }],
    facts: [fact],
    update: [{ post: '12', advice: 'update', reason: `A reason of ${name}.` }],
    score: 9,
    why: `Why ${name} needs it.`,
  }
}

/** Returns an analysis with one lagging region, whose texts name the site. */
export function analysisOf(site: string, name: string) {
  const figure = { name: `Visits to ${name}`, unit: 'views', value: 1, comparedWith: 2 }
  const reason = { kind: 'slower', strength: 1, sentence: `A reason of ${name}.`, figures: [figure] }
  const period = { weekly: 1, share: 0.5 }
  const figures = { country: 'FR', clicks: 1, impressions: 2, position: 3 }
  const region = {
    country: 'FR',
    samples: 60,
    recent: period,
    earlier: period,
    visitsRatio: 0.5,
    test: { oddsRatio: 0.5, pValue: 0.01, adjustedPValue: 0.02, autocorrelation: 0 },
    lags: true,
    reasons: [reason],
    weeks: [{ week: -1, visits: 1 }],
    engines: [{ engine: `Engine of ${name}`, recent: 1, earlier: 2 }],
    search: { recent: figures, earlier: figures },
  }
  const content = {
    sentence: `A finding of ${name}.`,
    action: `What ${name} should do.`,
    link: `/sites/${site}`,
    samples: 60,
    minSamples: 50,
    figures: [figure],
    reasons: [reason],
    country: 'FR',
    post: '12',
  }
  return {
    site,
    regions: {
      version: 1,
      end: 0,
      state: 'tested',
      weeks: 28,
      season: 'unknown',
      search: null,
      regions: [region],
      subdivisions: [{ ...region, country: 'FR-75' }],
      languages: [{ language: 'fr', recent: figures, earlier: figures }],
    },
    findings: [{ rule: 'lagging-region', subject: 'FR', content, effect: 0.5, score: 9 }],
  }
}
