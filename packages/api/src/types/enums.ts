import { arms, type Dimension, devices, dimensions, intervals } from '@peerpress/store'
import { consents } from '@peerpress/registry'
import { modes } from '@peerpress/wire'
import { builder } from '../schema/builder.ts'

export const arm = builder.enumType('Arm', {
  description:
    'The arms of the experiment. ASSISTED: eligible readers with assistance. CONTROL: eligible readers that a draw left on the origin. INELIGIBLE: readers that cannot take part.',
  values: upperCased(arms),
})

export const device = builder.enumType('Device', {
  description: "The class of the reader's device.",
  values: upperCased(devices),
})

export const dimension = builder.enumType('Dimension', {
  description: 'Properties of a view by which a breakdown groups.',
  values: upperCased<Dimension>(dimensions),
})

export const interval = builder.enumType('Interval', {
  description: 'Length of the intervals of a series. A week begins on Monday.',
  values: intervals,
})

export const consent = builder.enumType('Consent', {
  description: 'The consent that readers give before their browsers exchange data with other browsers.',
  values: upperCased(consents),
})

export const mode = builder.enumType('Mode', {
  description:
    'The peers that may assist readers. FULL: other readers of the same post, and seeds. SEEDS_ONLY: the seeds of the site alone. OFF: none.',
  values: upperCased(modes),
})

/** Returns enum values in GraphQL's spelling, each mapped to the internal spelling. */
export function upperCased<Value extends string>(
  values: readonly Value[],
): Record<EnumName<Value>, { readonly value: Value }> {
  return Object.fromEntries(
    values.map((value) => [value.toUpperCase().replaceAll('-', '_'), { value }]),
  ) as Record<EnumName<Value>, { readonly value: Value }>
}

type EnumName<Value extends string> = Value extends `${infer Head}-${infer Tail}`
  ? `${Uppercase<Head>}_${EnumName<Tail>}`
  : Uppercase<Value>
