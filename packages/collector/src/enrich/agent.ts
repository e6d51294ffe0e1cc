import type { Device } from '@peerpress/store'
import { isbotMatch } from 'isbot'
import { LRUCache } from 'lru-cache'
import botList from './bot-list.json' with { type: 'json' }
import { browserOf, deviceOf } from './user-agent.ts'

/** The contents of a user agent. */
export interface Agent {
  readonly device: Device | null
  readonly browser: string | null
  /** The part that identifies a bot; null for browsers. */
  readonly bot: string | null
}

/** Maximum length of a user agent, characters; the rest is cut. Those of readers' browsers are shorter than 300. */
export const maxUserAgentLength = 1024

/** Maximum of cached agents, and of their length in characters, so that memory is bounded. */
const maxAgents = 5000
const maxCachedLength = 512

/** Maximum length of the part that identifies a bot, characters. */
const maxBotLength = 60

/**
 * Returns a function that reads user agents and caches them: reading one takes long, and most readers have one of a
 * few.
 */
export function agentReader(): (userAgent: string) => Agent {
  const known = new LRUCache<string, Agent>({ max: maxAgents })
  return (userAgent) => {
    const cached = known.get(userAgent)
    if (cached !== undefined) return cached
    const agent = readAgent(userAgent)
    if (userAgent.length > maxCachedLength) return agent
    known.set(userAgent, agent)
    return agent
  }
}

function readAgent(userAgent: string): Agent {
  return {
    device: deviceOf(userAgent),
    browser: browserOf(userAgent),
    bot: botOf(userAgent),
  }
}

/** Returns the name that identifies a bot, with the rest of its word: `Googlebot`, not `Google`. */
function botOf(userAgent: string): string | null {
  const plain = withoutModel(userAgent)
  const match = isbotMatch(plain) ?? botList.find((name) => hasWord(plain, name))
  if (match === undefined) return null
  let start = userAgent.indexOf(match)
  let end = start + match.length
  // Character by character: a pattern that is anchored at the end would be tried from each character.
  while (start > 0 && isInWord(userAgent, start - 1)) start--
  while (end < userAgent.length && isInWord(userAgent, end)) end++
  return userAgent.slice(start, Math.min(end, start + maxBotLength))
}

/** Whether a word of the text begins with the name. */
function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (at === 0 || !/\w/.test(text.charAt(at - 1))) return true
  }
  return false
}

/**
 * Returns a user agent without names of devices and browsers that sound like a bot's. Android names the device's model
 * (`DISCOVERY_2`, `Spider 8`, `Google TV`). Sogou, known for its crawler, also has browsers.
 */
function withoutModel(userAgent: string): string {
  return userAgent
    .replace(
      /^(Mozilla\/5\.0 \(Linux; (?:U; )?Android [\d.]+(?:; [a-z]{2}[-_][A-Za-z]{2})?);[^();]*/,
      '$1; K',
    )
    .replace(/\bSogou(?:MSE|MobileBrowser)\b/g, '')
}

function isInWord(text: string, index: number): boolean {
  return /[\w.-]/.test(text.charAt(index))
}
