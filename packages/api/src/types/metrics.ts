import type { Metrics, Quantile, Ratings } from '@peerpress/store'
import { builder } from '../schema/builder.ts'

const quantile = builder.objectRef<Quantile>('Quantile').implement({
  description: 'A percentile of what was measured, with its 95 % confidence interval.',
  fields: (t) => ({
    value: t.exposeFloat('value'),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    samples: t.exposeInt('samples', { description: 'Views in which it was measured.' }),
    enough: t.exposeBoolean('enough', {
      description: 'False when the samples are too few to conclude from.',
    }),
    error: t.exposeFloat('error', {
      description:
        'How far each of the three values may be from the exact one, ratio: 0, or 0.02 where there were so many views that bins of them were counted. The values are interpolated within the bins, so they are much closer unless measured values lie in steps.',
    }),
  }),
})

const ratings = builder.objectRef<Ratings>('Ratings').implement({
  description: 'Views by how good a vital was: https://web.dev/articles/vitals has the thresholds.',
  fields: (t) => ({
    good: t.exposeInt('good'),
    needsImprovement: t.exposeInt('needsImprovement'),
    poor: t.exposeInt('poor'),
  }),
})

const vitalRatings = builder.objectRef<Metrics['ratings']>('VitalRatings').implement({
  description: 'How many views were good, by vital. null: no view measured it.',
  fields: (t) => ({
    lcp: t.expose('lcp', { type: ratings, nullable: true }),
    inp: t.expose('inp', { type: ratings, nullable: true }),
    cls: t.expose('cls', { type: ratings, nullable: true }),
    fcp: t.expose('fcp', { type: ratings, nullable: true }),
    ttfb: t.expose('ttfb', { type: ratings, nullable: true }),
  }),
})

const reliability = builder.objectRef<Metrics['reliability']>('Reliability').implement({
  description: 'Whether readers got what they asked for.',
  fields: (t) => ({
    errorFreeRatio: t.exposeFloat('errorFree', {
      nullable: true,
      description:
        'Views without a script error that nobody caught ÷ views that listened for one, 0-1; null when none did.',
    }),
    assetSuccessRatio: t.exposeFloat('assetSuccess', {
      nullable: true,
      description: 'Complete assets ÷ all requested assets, 0-1; null when none was requested.',
    }),
    viewSuccessRatio: t.exposeFloat('viewSuccess', {
      nullable: true,
      description: 'Views without a failed asset ÷ views with assets, 0-1; null when there is none.',
    }),
    fallbackRatio: t.exposeFloat('fallback', {
      nullable: true,
      description:
        'Assisted views with a request that the origin completed after peers were asked ÷ assisted views with assets, 0-1; null when there is none.',
    }),
    wrongChunkRatio: t.exposeFloat('wrongChunk', {
      nullable: true,
      description:
        'Views that threw away a chunk that failed verification ÷ views that got chunks from peers, seeds or mirrors, 0-1; null when none did.',
    }),
    stallRatio: t.exposeFloat('stall', {
      nullable: true,
      description:
        'Time that videos and sounds stood still for want of data ÷ time that they played or stood so, 0-1; null when none played.',
    }),
    stalls: t.exposeInt('stalls', { description: 'How often one stood still for want of data.' }),
    wrongBytes: t.expose('wrongBytes', {
      type: 'Bytes',
      description: "Bytes that reached a page and did not match the post's manifest. Must be 0.",
    }),
    rejectedChunks: t.exposeInt('rejectedChunks', {
      description: 'Chunks from peers that failed verification and were thrown away.',
    }),
    droppedPeers: t.exposeInt('droppedPeers', { description: 'Peers dropped for such a chunk.' }),
    fallbacks: t.exposeInt('fallbacks', {
      description: 'Requests that the origin completed after peers were asked.',
    }),
  }),
})

const speed = builder.objectRef<Metrics['speed']>('Speed').implement({
  description: 'How fast the page was: 75th percentiles, in ms; CLS is a score. null means not measured.',
  fields: (t) => ({
    lcp: t.expose('lcp', { type: quantile, nullable: true, description: 'Largest Contentful Paint.' }),
    inp: t.expose('inp', { type: quantile, nullable: true, description: 'Interaction to Next Paint.' }),
    cls: t.expose('cls', { type: quantile, nullable: true, description: 'Cumulative Layout Shift.' }),
    fcp: t.expose('fcp', { type: quantile, nullable: true, description: 'First Contentful Paint.' }),
    ttfb: t.expose('ttfb', { type: quantile, nullable: true, description: 'Time to First Byte.' }),
    load: t.expose('load', { type: quantile, nullable: true, description: 'End of the load event.' }),
  }),
})

const bytesBySource = builder.objectRef<Metrics['delivery']['bytes']>('BytesBySource').implement({
  description: 'Asset bytes by where they came from.',
  fields: (t) => ({
    peer: t.expose('peer', { type: 'Bytes', description: "Other readers' browsers." }),
    seed: t.expose('seed', { type: 'Bytes', description: 'Always-on peers.' }),
    mirror: t.expose('mirror', { type: 'Bytes', description: "The server's copy." }),
    origin: t.expose('origin', { type: 'Bytes', description: 'The site itself.' }),
    cache: t.expose('cache', { type: 'Bytes', description: "The reader's own browser." }),
  }),
})

const delivery = builder.objectRef<Metrics['delivery']>('Delivery').implement({
  description: 'Where the assets came from.',
  fields: (t) => ({
    peerHitRatio: t.exposeFloat('peerHitRatio', {
      nullable: true,
      description:
        'Bytes from peers ÷ all asset bytes of pages that had a manifest, 0-1; null when there were none.',
    }),
    bytes: t.expose('bytes', { type: bytesBySource }),
    uploaded: t.expose('uploaded', { type: 'Bytes', description: 'Bytes readers sent to each other.' }),
    fairness: t.exposeFloat('fairness', {
      nullable: true,
      description:
        "Jain's index of what assisted readers gave: 1 when all gave the same, 1 ÷ n when one of n gave all; null when nobody gave.",
    }),
  }),
})

const engagement = builder.objectRef<Metrics['engagement']>('Engagement').implement({
  description: 'What readers did with the page: medians.',
  fields: (t) => ({
    engagedMs: t.expose('engagedMs', {
      type: quantile,
      nullable: true,
      description: 'Visible and focused, ms.',
    }),
    scrollDepth: t.expose('scrollDepth', {
      type: quantile,
      nullable: true,
      description: 'Furthest point reached, 0-1.',
    }),
  }),
})

/** What was measured in a set of page views. */
export const metrics = builder.objectRef<Metrics>('Metrics').implement({
  description: 'What was measured in a set of page views. null means not measured and is never 0.',
  fields: (t) => ({
    views: t.exposeInt('views', { description: 'Views that were measured.' }),
    estimatedViews: t.exposeFloat('estimatedViews', {
      description: 'Views there would be if every session was measured: each counts 1 ÷ its sampling.',
    }),
    reliability: t.expose('reliability', { type: reliability }),
    speed: t.expose('speed', { type: speed }),
    ratings: t.expose('ratings', { type: vitalRatings }),
    apdex: t.exposeFloat('apdex', {
      nullable: true,
      description:
        'Apdex of LCP with a target of 2.5 s, 0-1: those it satisfied, and half of those that waited up to 10 s, ÷ all that measured it.',
    }),
    delivery: t.expose('delivery', { type: delivery }),
    engagement: t.expose('engagement', { type: engagement }),
  }),
})
