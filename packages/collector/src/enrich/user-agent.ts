import type { Device } from '@peerpress/store'

/**
 * Browser families, first match wins: the ones that pretend to be others stand before those.
 * Patterns are the tokens that the makers document.
 */
const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOP[RT]\/|\bOpera\b/],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\bFirefox\/|\bFxiOS\//],
  ['Chrome', /\bChrom(?:e|ium)\/|\bCriOS\//],
  ['Safari', /\bSafari\//],
]

/** The browser family of a user agent; null when it is none of the known. */
export function browserOf(userAgent: string): string | null {
  return browsers.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? null
}

/**
 * The device class of a user agent; null for an empty one. Android tablets are those that do not say "Mobile"; an iPad
 * that asks for desktop pages, as it does by default, can't be told from a Mac.
 */
export function deviceOf(userAgent: string): Device | null {
  if (userAgent === '') return null
  if (/\bTV\b|SmartTV|SMART-TV|GoogleTV|AppleTV|BRAVIA|HbbTV|\bAFT[A-Z]/.test(userAgent)) return 'tv'
  if (/\biPad\b|\bTablet\b/.test(userAgent)) return 'tablet'
  if (/\bMobile\b|\biPhone\b|\biPod\b/.test(userAgent)) return 'mobile'
  if (/\bAndroid\b/.test(userAgent)) return 'tablet'
  if (/\bWindows NT\b|\bMacintosh\b|\bX11\b|\bCrOS\b/.test(userAgent)) return 'desktop'
  return 'other'
}
