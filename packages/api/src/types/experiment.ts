import type { Comparison, Difference, Experiment, SpeedDifference } from '@peerpress/store'
import { builder } from '../schema/builder.ts'
import { metrics } from './metrics.ts'

const difference = builder.objectRef<Difference>('Difference').implement({
  description: 'A percentile minus that of a baseline, with its 95 % confidence interval.',
  fields: (t) => ({
    value: t.exposeFloat('value'),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    samples: t.exposeInt('samples', { description: 'Views in which it was measured.' }),
    baselineSamples: t.exposeInt('baselineSamples'),
    enough: t.exposeBoolean('enough', {
      description: 'False when the samples of either are too few to conclude from.',
    }),
    conclusive: t.exposeBoolean('conclusive', {
      description: 'There are enough samples and the interval leaves 0 out.',
    }),
  }),
})

const speedDifference = builder.objectRef<SpeedDifference>('SpeedDifference').implement({
  description: 'Differences of 75th percentiles, in ms; CLS is a score. null: one side has no sample.',
  fields: (t) => ({
    lcp: t.expose('lcp', { type: difference, nullable: true }),
    inp: t.expose('inp', { type: difference, nullable: true }),
    cls: t.expose('cls', { type: difference, nullable: true }),
    fcp: t.expose('fcp', { type: difference, nullable: true }),
    ttfb: t.expose('ttfb', { type: difference, nullable: true }),
    load: t.expose('load', { type: difference, nullable: true }),
  }),
})

export const experiment = builder.objectRef<Experiment>('Experiment').implement({
  description: 'Readers that were helped against those that a draw kept on the origin.',
  fields: (t) => ({
    assisted: t.expose('assisted', { type: metrics }),
    control: t.expose('control', { type: metrics }),
    speed: t.expose('speed', {
      type: speedDifference,
      description: 'Assisted minus control. Below 0, assisted readers were faster.',
    }),
  }),
})

export const comparison = builder.objectRef<Comparison>('Comparison').implement({
  description: 'The range against the one of the same length right before it.',
  fields: (t) => ({
    previous: t.expose('previous', { type: metrics }),
    speed: t.expose('speed', {
      type: speedDifference,
      description: 'This range minus the previous one. Below 0, it has become faster.',
    }),
  }),
})
