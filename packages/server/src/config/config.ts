import { ServerError } from '../server-error.ts'
import type { DefaultedSetting, Setting } from './setting.ts'
import { settings } from './settings.ts'

type Settings = typeof settings

/** The values of all settings; `settings` describes each. */
export type ServerConfig = { readonly [Name in keyof Settings]: ValueOf<Settings[Name]> }

type ValueOf<Declared> =
  Declared extends DefaultedSetting<infer Value>
    ? Value
    : Declared extends Setting<infer Value>
      ? Value | undefined
      : never

/** The names of all environment variables that are read. */
export const environmentVariables: readonly string[] = Object.values(settings).map(({ variable }) => variable)

/** Environment variables by their names. An empty one counts as unset. */
type Environment = Readonly<Partial<Record<string, string>>>

/**
 * Reads the configuration from environment variables.
 * @throws {ServerError} `bad-config`, with the variable, its value unless that may hold a password, and what is allowed
 */
export function readConfig(environment: Environment): ServerConfig {
  const all: readonly (readonly [string, Setting<unknown>])[] = Object.entries(settings)
  const entries = all.map(([name, setting]) => [name, valueOf(setting, environment)] as const)
  const config = Object.fromEntries(entries) as unknown as ServerConfig
  for (const [index, [, setting]] of all.entries()) {
    const value = entries[index]?.[1]
    const problem = value === undefined ? undefined : setting.check?.(value, config)
    if (problem !== undefined) throw refusal(setting, environment, problem)
  }
  return config
}

function valueOf(setting: Setting<unknown>, environment: Environment): unknown {
  const text = environment[setting.variable] || setting.default
  // The default may be empty, as that of a list.
  if (text === undefined) return undefined
  const value = setting.type.parse(text)
  if (value === undefined) throw refusal(setting, environment, `give ${setting.type.allowed}`)
  return value
}

function refusal({ variable, isSecret }: Setting<unknown>, environment: Environment, problem: string) {
  const found = isSecret ? 'has a value that is not allowed' : `is "${environment[variable]}"`
  return new ServerError('bad-config', `${variable} ${found}; ${problem}`)
}
