import { arms, type Dimension, devices, dimensions, intervals } from '@peerpress/store'
import { consents } from '@peerpress/registry'
import { modes } from '@peerpress/wire'
import { builder } from '../schema/builder.ts'

export const arm = builder.enumType('Arm', {
  description:
    'Which eligible readers were helped, which were kept on the origin, and which could not take part.',
  values: upperCased(arms),
})

export const device = builder.enumType('Device', {
  description: 'What the reader holds.',
  values: upperCased(devices),
})

export const dimension = builder.enumType('Dimension', {
  description: 'What views can be told apart by.',
  values: upperCased<Dimension>(dimensions),
})

export const interval = builder.enumType('Interval', {
  description: 'How long a point of a series is. A week begins on Monday.',
  values: intervals,
})

export const consent = builder.enumType('Consent', {
  description: 'What readers are asked before their browsers exchange data with those of others.',
  values: upperCased(consents),
})

export const mode = builder.enumType('Mode', {
  description:
    'Who may help readers. FULL: other readers of the same post, and seeds. SEEDS_ONLY: the seeds of the site alone. OFF: nobody.',
  values: upperCased(modes),
})

/** Enum values spelled as GraphQL spells them, each standing for the spelling inside. */
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
