import { resolve } from 'node:path'
import * as v from 'valibot'
import { clientAddressBehind } from '../entry/client-address.ts'
import { isLocalHost } from '@peerpress/wire/local-host'
import { parseRoles, type RoleName, roleNames } from '../roles/role-names.ts'
import type { IceServer, SettingType } from './setting.ts'

/** Any text. */
export function text(placeholder: string, allowed: string, pattern = /^/): SettingType<string> {
  return { placeholder, allowed, parse: (value) => (pattern.test(value) ? value : undefined) }
}

/** A path of a file or folder, which becomes absolute. */
export function path(placeholder: 'DIR' | 'FILE'): SettingType<string> {
  return { placeholder, allowed: 'a path', parse: (value) => resolve(value) }
}

/** A path of a file, or null for `none`. */
export function pathOrNone(placeholder: 'FILE'): SettingType<string | null> {
  return {
    placeholder,
    allowed: 'a path, or none',
    parse: (value) => (value === 'none' ? null : resolve(value)),
  }
}

/** A whole number in decimal digits. `noun`: what is counted, such as "days". */
export function wholeNumber(
  noun: string,
  { min, max }: { readonly min: number; readonly max: number },
): SettingType<number> {
  return {
    placeholder: 'N',
    allowed: `${noun} from ${min} to ${max}`,
    parse(value) {
      const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
      return number >= min && number <= max ? number : undefined
    },
  }
}

/** A whole number of which 0 means that there is no limit. */
export function limit(noun: string, max: number): SettingType<number> {
  const number = wholeNumber(noun, { min: 0, max })
  return {
    ...number,
    allowed: `${noun} up to ${max}; 0 sets no limit`,
    parse(value) {
      const parsed = number.parse(value)
      return parsed === 0 ? Infinity : parsed
    },
  }
}

/** A type whose number is in another unit than the code's. */
export function scaled(type: SettingType<number>, factor: number): SettingType<number> {
  return {
    ...type,
    parse(value) {
      const number = type.parse(value)
      return number === undefined ? undefined : number * factor
    },
  }
}

/** On or off. */
export const onOff: SettingType<boolean> = {
  placeholder: null,
  allowed: '1 or 0',
  parse(value) {
    if (value === '1' || value === 'true') return true
    return value === '0' || value === 'false' ? false : undefined
  },
}

/** An origin, which becomes one without a trailing slash. */
export const origin: SettingType<string> = {
  placeholder: 'URL',
  allowed: 'an origin such as https://peerpress.example.org',
  parse(value) {
    const url = httpUrl(value)
    return url !== undefined && url.pathname === '/' && url.search === '' ? url.origin : undefined
  },
}

/** The address of an HTTP server, credentials included. */
export const serverUrl: SettingType<string> = {
  placeholder: 'URL',
  allowed: 'a URL such as http://user:password@host:8123/database',
  parse: (value) => (httpUrl(value) === undefined ? undefined : value),
}

/** The issuer of an OpenID Connect provider: HTTPS, or plain HTTP on this machine (OpenID Connect Discovery 1.0, section 3). */
export const issuerUrl: SettingType<string> = {
  placeholder: 'URL',
  allowed: 'an https URL such as https://id.example.org/realms/staff, without query and credentials',
  parse(value) {
    const url = httpUrl(value)
    if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '') return undefined
    return url.protocol === 'https:' || isLocalHost(url.hostname) ? value : undefined
  },
}

/** The address of an SMTP server, credentials included. */
export const smtpServer: SettingType<string> = {
  placeholder: 'URL',
  allowed: 'a URL such as smtp://user:password@mail.example.org:587 or smtps://mail.example.org',
  parse(value) {
    const url = URL.parse(value)
    const isServer = url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== ''
    return isServer && /^\/?$/.test(url.pathname) && url.search === '' ? value : undefined
  },
}

/** An e-mail address without a name. */
export const mailAddress: SettingType<string> = {
  placeholder: 'ADDRESS',
  allowed: 'an e-mail address such as peerpress@example.org',
  parse: (value) => (v.is(v.pipe(v.string(), v.maxLength(254), v.email()), value) ? value : undefined),
}

/** URLs separated by commas, each of which gets a trailing slash. */
export const urlPrefixes: SettingType<readonly string[]> = {
  placeholder: 'URLS',
  allowed: 'addresses such as https://cdn.example.org/mirror/, separated by commas',
  parse: (value) => listOf(value).map((url) => (url.endsWith('/') ? url : `${url}/`)),
}

/** Proxies separated by commas. */
export const proxies: SettingType<readonly string[]> = {
  placeholder: 'LIST',
  allowed: 'addresses, CIDR ranges, loopback, linklocal, uniquelocal, separated by commas',
  parse(value) {
    const list = listOf(value)
    try {
      clientAddressBehind(list)
      return list
    } catch {
      return undefined
    }
  },
}

/** Roles of a server, separated by commas. */
export const roleList: SettingType<readonly RoleName[]> = {
  placeholder: 'LIST',
  allowed: `${roleNames.join(', ')}, separated by commas`,
  parse: parseRoles,
}

const iceServersSchema = v.array(
  v.strictObject({
    urls: v.array(v.string()),
    username: v.exactOptional(v.string()),
    credential: v.exactOptional(v.string()),
  }),
)

/** STUN and TURN servers as JSON. */
export const iceServers: SettingType<readonly IceServer[]> = {
  placeholder: 'JSON',
  allowed: 'a JSON list such as [{"urls":["stun:stun.example.org:3478"]}]',
  parse(value) {
    try {
      return v.parse(iceServersSchema, JSON.parse(value))
    } catch {
      return undefined
    }
  },
}

function httpUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined
}

function listOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}
