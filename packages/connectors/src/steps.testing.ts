import { Session } from 'node:inspector/promises'

/** Counts how many times the blocks of modules run, which measures work without a clock. */
export interface StepCounter {
  /** Returns the number of blocks that ran during `work` in modules whose URL contains one of `modules`. */
  count(work: () => Promise<unknown>): Promise<number>
  close(): Promise<void>
}

/** Starts a counter. It counts only code that is loaded afterwards, and no work inside native functions. */
export async function countSteps(modules: readonly string[]): Promise<StepCounter> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return {
    count: async (work) => {
      await session.post('Profiler.takePreciseCoverage')
      await work()
      const { result } = await session.post('Profiler.takePreciseCoverage')
      return result
        .filter(({ url }) => modules.some((name) => url.includes(name)))
        .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
        .reduce((sum, { count }) => sum + count, 0)
    },
    close: async () => {
      await session.post('Profiler.stopPreciseCoverage')
      session.disconnect()
    },
  }
}
