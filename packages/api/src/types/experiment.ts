import {
  catalogue,
  type Comparison,
  type Difference,
  type Experiment,
  type SpeedDifference,
} from '@peerpress/store'
import { builder } from '../schema/builder.ts'
import { metrics } from './metrics.ts'

const difference = builder.objectRef<Difference>('Difference').implement({
  description: 'A percentile minus that of a baseline, with its 95 % confidence interval.',
  fields: (t) => ({
    value: t.exposeFloat('value', { description: 'Below 0: it is lower than the baseline.' }),
    low: t.exposeFloat('low', { description: 'Lower end of the interval.' }),
    high: t.exposeFloat('high', { description: 'Upper end of the interval.' }),
    samples: t.expose('samples', { type: 'Count', description: 'Views in which it was measured.' }),
    baselineSamples: t.expose('baselineSamples', {
      type: 'Count',
      description: 'Views of the baseline in which it was measured.',
    }),
    enough: t.exposeBoolean('enough', {
      description: 'False when the samples of either are too few to conclude from.',
    }),
    conclusive: t.exposeBoolean('conclusive', {
      description: 'There are enough samples and the interval excludes 0.',
    }),
  }),
})

const speedDifference = builder.objectRef<SpeedDifference>('SpeedDifference').implement({
  description: 'Differences of 75th percentiles, in ms; CLS is a score. null: one side has no sample.',
  fields: (t) =>
    Object.fromEntries(
      (Object.keys(catalogue.members.speed.members) as (keyof SpeedDifference)[]).map((name) => [
        name,
        t.expose(name, {
          type: difference,
          nullable: true,
          description: catalogue.members.speed.members[name].description,
        }),
      ]),
    ),
})

export const experiment = builder.objectRef<Experiment>('Experiment').implement({
  description: 'Assisted readers against the control arm: eligible readers that a draw left on the origin.',
  fields: (t) => ({
    assisted: t.expose('assisted', { type: metrics, description: 'Views of assisted readers.' }),
    control: t.expose('control', { type: metrics, description: 'Views of the control arm.' }),
    speed: t.expose('speed', {
      type: speedDifference,
      description: 'Assisted minus control. Below 0, assisted readers were faster.',
    }),
  }),
})

export const comparison = builder.objectRef<Comparison>('Comparison').implement({
  description: 'The range compared with the range of the same length right before it.',
  fields: (t) => ({
    previous: t.expose('previous', { type: metrics, description: 'Views of the range before.' }),
    speed: t.expose('speed', {
      type: speedDifference,
      description: 'This range minus the previous one. Below 0, it has become faster.',
    }),
  }),
})
