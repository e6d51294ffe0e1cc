import type { Device } from '@peerpress/store'
import { isbotMatch } from 'isbot'
import { LRUCache } from 'lru-cache'
import botList from './bot-list.json' with { type: 'json' }
import { browserOf, deviceOf } from './user-agent.ts'

/** What a user agent tells. */
export interface Agent {
  readonly device: Device | null
  readonly browser: string | null
  /** The part of it that only bots have; null for browsers. */
  readonly bot: string | null
}

/** The longest user agent that is read, characters; what follows is cut. Readers' browsers have less than 300. */
export const maxUserAgentLength = 1024

/** Agents that are remembered; and the longest of them, characters, so that memory is bounded. */
const maxAgents = 5000
const maxRememberedLength = 512

/** Longest part of an agent that is told, characters. */
const maxBotLength = 60

/** Reads user agents. Most readers have one of few: to read one takes longer than most else that a beacon needs. */
export function agentReader(): (userAgent: string) => Agent {
  const known = new LRUCache<string, Agent>({ max: maxAgents })
  return (userAgent) => {
    const remembered = known.get(userAgent)
    if (remembered !== undefined) return remembered
    const agent = readAgent(userAgent)
    if (userAgent.length > maxRememberedLength) return agent
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

/** What gave it away, with the rest of its word: `Googlebot`, not `Google`. */
function botOf(userAgent: string): string | null {
  const told = withoutModel(userAgent)
  const match = isbotMatch(told) ?? botList.find((name) => hasWord(told, name))
  if (match === undefined) return null
  let start = userAgent.indexOf(match)
  let end = start + match.length
  // At each step one character: a pattern for the end of a text is tried from each of its characters.
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
 * A user agent without the names of devices and browsers that sound like a bot's. Android tells a device's model
 * (`DISCOVERY_2`, `Spider 8`, `Google TV`); Sogou, known for its crawler, has browsers as well.
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
