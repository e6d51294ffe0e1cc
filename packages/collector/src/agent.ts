import type { Device } from '@peerpress/store'
import { isbotMatch } from 'isbot'
import { browserOf, deviceOf } from './user-agent.ts'

/** What a user agent tells. */
export interface Agent {
  readonly device: Device | null
  readonly browser: string | null
  /** The part of it that only bots have; null for browsers. */
  readonly bot: string | null
}

/** Agents that are remembered; and the longest of them, characters, so that memory is bounded. */
const maxAgents = 5000
const maxRememberedLength = 512

/** Longest part of an agent that is told, characters. */
const maxBotLength = 60

/** Reads user agents. Most readers have one of few: to read one takes longer than most else that a beacon needs. */
export function agentReader(): (userAgent: string) => Agent {
  const known = new Map<string, Agent>()
  return (userAgent) => {
    const remembered = known.get(userAgent)
    if (remembered !== undefined) return remembered
    const agent = readAgent(userAgent)
    if (userAgent.length > maxRememberedLength) return agent
    // The oldest goes first; who is common comes back at once.
    const [oldest] = known.size < maxAgents ? [] : known.keys()
    if (oldest !== undefined) known.delete(oldest)
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
  const match = isbotMatch(userAgent)
  if (match === null) return null
  const start = userAgent.indexOf(match)
  const before = /[\w.-]*$/.exec(userAgent.slice(0, start))?.[0] ?? ''
  const after = /^[\w.-]*/.exec(userAgent.slice(start + match.length))?.[0] ?? ''
  return (before + match + after).slice(0, maxBotLength)
}
