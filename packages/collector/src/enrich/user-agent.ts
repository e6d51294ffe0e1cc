import type { Device } from '@peerpress/store'

/**
 * Browser families. The first match counts: browsers that also name other browsers stand before these. The patterns are
 * the tokens that the vendors document.
 */
const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOP[RT]\/|\bOpera\b/],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\bFirefox\/|\bFxiOS\//],
  ['Chrome', /\bChrom(?:e|ium)\/|\bCriOS\//],
  ['Safari', /\bSafari\//],
]

/** Returns the browser family of a user agent; null if it is unknown. */
export function browserOf(userAgent: string): string | null {
  return browsers.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? null
}

/**
 * Returns the device class of a user agent; null for an empty one. Android devices without "Mobile" are tablets. An
 * iPad that requests desktop pages, as it does by default, cannot be distinguished from a Mac.
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
