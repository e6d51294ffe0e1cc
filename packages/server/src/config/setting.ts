/** A kind of value that a setting may have. */
export interface SettingType<Value> {
  /** The value's name in a usage text; null if the option takes none, because it is a switch. */
  readonly placeholder: string | null
  /** The allowed values, as the end of the sentence "give …". */
  readonly allowed: string
  /** Reads a value that is not empty; undefined if it is not allowed. */
  readonly parse: (text: string) => Value | undefined
}

/** A setting of the server: everything that the code, the help and the documents state about it. */
export type Setting<Value> = DefaultedSetting<Value> | OptionalSetting<Value>

/** A setting that always has a value. */
export interface DefaultedSetting<Value> extends Declaration<Value> {
  /** The value that applies if the variable is unset or empty, as the variable would state it. */
  readonly default: string
  readonly unset?: undefined
}

/** A setting that is undefined if the variable is unset or empty. */
export interface OptionalSetting<Value> extends Declaration<Value> {
  /** What happens then, for the help. */
  readonly unset: string
  readonly default?: undefined
}

interface Declaration<Value> {
  /** The environment variable. The option of `./peerpress start` is derived from it, see `optionOf`. */
  readonly variable: `PEERPRESS_${string}`
  readonly type: SettingType<Value>
  /** Its purpose, without a full stop. */
  readonly help: string
  /**
   * The value may hold a password. Errors do not repeat it, and it has no option, because other users of the machine
   * can read the options of a process.
   */
  readonly isSecret?: true
  /** Returns why the value does not fit other settings; undefined if it does. */
  check?(value: Value, others: OtherSettings): string | undefined
}

/** Declares a setting that always has a value. */
export function setting<Value>(declaration: DefaultedSetting<Value>): DefaultedSetting<Value> {
  return declaration
}

/** Declares a setting that may be undefined. */
export function optional<Value>(declaration: OptionalSetting<Value>): OptionalSetting<Value> {
  return declaration
}

/** The settings that checks of other settings read. */
export interface OtherSettings {
  readonly publicUrl: string | undefined
  readonly clickhouseUrl: string | undefined
  readonly iceServers: readonly IceServer[]
  readonly mailFrom: string | undefined
  readonly oidcClientId: string | undefined
  readonly googleClientSecret: string | undefined
}

/** An entry of `RTCConfiguration.iceServers`. */
export interface IceServer {
  readonly urls: string[]
  readonly username?: string
  readonly credential?: string
}
