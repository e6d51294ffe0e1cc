import type { Setting } from './setting.ts'
import { settings } from './settings.ts'

const all: readonly Setting<unknown>[] = Object.values(settings)

/** An option of `./peerpress start`, as `parseArgs` takes it. */
export interface SettingOption {
  /** The variable that the option sets: a switch sets it to 1. */
  readonly variable: string
  readonly type: 'string' | 'boolean'
}

/** The options of the command line by name: one for each setting that holds no secret. */
export const settingOptions: Readonly<Record<string, SettingOption>> = Object.fromEntries(
  all
    .filter(({ isSecret }) => isSecret !== true)
    .map((setting) => [
      optionOf(setting),
      { variable: setting.variable, type: setting.type.placeholder === null ? 'boolean' : 'string' },
    ]),
)

/** The lines of a usage text that describe the options, and the variables without an option. */
export function settingsUsage(): string {
  const lines = all.map((setting) => {
    const { variable, isSecret, type } = setting
    const option = type.placeholder === null ? '' : ` ${type.placeholder}`
    const name = isSecret === true ? variable : `--${optionOf(setting)}${option}`
    return [name, `${setting.help} (${withoutValue(setting)})`] as const
  })
  const width = Math.max(...lines.map(([name]) => name.length)) + 2
  return lines
    .map(([name, help]) => `  ${name.padEnd(width)}${wrapped(help, usageWidth - width - 2, width + 2)}`)
    .join('\n')
}

/** The table of all settings, in Markdown. */
export function settingsTable(): string {
  const rows = all.map((setting) => [
    `\`${setting.variable}\``,
    setting.isSecret === true ? '' : `\`--${optionOf(setting)}\``,
    setting.help,
    setting.type.allowed,
    setting.default ? `\`${setting.default}\`` : (setting.unset ?? 'none'),
  ])
  const table = [['Variable', 'Option', 'Purpose', 'Allowed values', 'Default'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  return [lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join(
    '\n',
  )
}

/**
 * Lines of an `.env` file for settings, each switched off by a `#`. `variables`: the names of those that are listed.
 */
export function settingsEnvironment(variables: readonly string[]): string {
  return all
    .filter(({ variable }) => variables.includes(variable))
    .map((setting) => {
      const help = wrapped(`${setting.help} (${withoutValue(setting)})`, envWidth, 0).replaceAll('\n', '\n# ')
      return `# ${help}\n# ${setting.variable}=${setting.default ?? ''}`
    })
    .join('\n\n')
}

/** The name of the option that sets a variable: `PEERPRESS_MIN_SWARM` is `min-swarm`. */
function optionOf({ variable }: Setting<unknown>): string {
  return variable.replace('PEERPRESS_', '').toLowerCase().replaceAll('_', '-')
}

function withoutValue({ default: text, unset, type }: Setting<unknown>): string {
  if (type.placeholder === null) return text === '1' ? 'on' : 'off'
  return text === undefined ? `unset: ${unset}` : text || 'none'
}

/** Characters of a line, the indentation included. */
const usageWidth = 110
const envWidth = 100

/** Breaks a text into lines of at most `width` characters; lines after the first are indented. */
function wrapped(text: string, width: number, indentation: number): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join(`\n${' '.repeat(indentation)}`)
}
