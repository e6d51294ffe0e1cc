import type { Difference, Experiment } from '@peerpress/store'
import { builder } from '../builder.ts'
import { metrics } from './metrics.ts'

const difference = builder.objectRef<Difference>('Difference').implement({
  description:
    'Assisted minus control, with its 95 % confidence interval. Below 0, assisted readers were faster.',
  fields: (t) => ({
    value: t.exposeFloat('value'),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    assistedSamples: t.int({ resolve: ({ samples }) => samples.assisted }),
    controlSamples: t.int({ resolve: ({ samples }) => samples.control }),
    enough: t.exposeBoolean('enough', {
      description: 'False when the samples of an arm are too few to conclude from.',
    }),
    conclusive: t.exposeBoolean('conclusive', {
      description: 'There are enough samples and the interval leaves 0 out.',
    }),
  }),
})

const speedDifference = builder.objectRef<Experiment['speed']>('SpeedDifference').implement({
  description: 'Differences of 75th percentiles, in ms; CLS is a score. null: an arm has no sample.',
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
    speed: t.expose('speed', { type: speedDifference }),
  }),
})
