import type { Child } from '../child.ts'
import { startChild } from '../child.ts'
import type { OriginSent } from './origin.main.ts'
import type { Destination } from './readers/reader-process.ts'
import { type ProcessCost, processorTime } from './process-cost.ts'

/** A reader to be: what it runs, and where. */
export interface CrowdMember {
  readonly file: URL
  readonly within: readonly string[]
}

/** How a crowd fared. */
export interface CrowdResult {
  /** From a reader's arrival until it had the whole post, ms, in order of arrival. */
  readonly times: readonly number[]
  readonly origin: OriginSent
  /** User and system time of all readers from their arrival on, s. */
  readonly cpu: number
  /** Bytes in memory of the readers in the middle. */
  readonly memory: readonly number[]
  /** Share of all processors' time that was used, by whomever, while readers waited, 0-1. */
  readonly busy: number
}

/** A reader that has not got everything by then never will, ms. */
const patience = 900_000

/** Lets readers come to their page, each at its time (ms), all for the first time; they stay until the last is served. */
export async function runCrowd(
  members: readonly CrowdMember[],
  arrivals: readonly number[],
  { origin, to }: { readonly origin: Child; readonly to: Destination },
): Promise<CrowdResult> {
  const readers: Child[] = []
  try {
    for (const { file, within } of members) readers.push(startChild(file, [], within))
    await Promise.all(readers.map((reader) => reader.ask({ prepare: to })))
    await origin.ask({ sent: true })
    const before = processorTime()
    const start = performance.now()
    const times = await Promise.all(
      readers.map(async (reader, index) => {
        const arrival = start + (arrivals[index] ?? 0)
        await new Promise((come) => setTimeout(come, arrival - performance.now()))
        await inTime(reader.ask({ read: true }))
        return performance.now() - arrival
      }),
    )
    const after = processorTime()
    const sent = await origin.ask<OriginSent>({ sent: true })
    const costs: ProcessCost[] = []
    for (const reader of readers) costs.push(await reader.ask<ProcessCost>({ cost: true }))
    return {
      times,
      origin: sent,
      cpu: costs.reduce((sum, { cpu }) => sum + cpu, 0),
      memory: costs.map(({ memory }) => memory),
      busy: (after.busy - before.busy) / (after.all - before.all),
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.end()))
  }
}

async function inTime(answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a reader waited for ${patience / 1000} s`)), patience)
  })
  try {
    await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
