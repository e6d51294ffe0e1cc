import { answerQuestions } from '../../child.ts'
import { costOfProcesses, type ProcessCost } from '../process-cost.ts'

/** A reader comes to the page at `read`; it is answered when the reader has all of the post. Then it stays. */
export type ReaderOrder =
  { readonly prepare: Destination } | { readonly read: true } | { readonly cost: true }

/** Where readers go. */
export interface Destination {
  readonly page: string
  /** What the origin can send, bytes/ms. */
  readonly originRate: number
}

/** What a kind of reader does. */
export interface ReaderKind {
  /** What is there before a reader comes to a page: a browser that was started, a program that was loaded. */
  prepare?(to: Destination): Promise<void>
  /** From nothing to the whole post. */
  read(to: Destination): Promise<void>
  leave?(): Promise<void>
}

/** In a child: is one reader of the kind. */
export function beReader(kind: ReaderKind): void {
  let destination: Destination
  let before: ProcessCost = { cpu: 0, memory: 0 }
  answerQuestions(
    async (order: ReaderOrder): Promise<ProcessCost | null> => {
      if ('prepare' in order) {
        destination = order.prepare
        await kind.prepare?.(destination)
        before = costOfProcesses(process.pid)
        return null
      }
      if ('read' in order) {
        await kind.read(destination)
        return null
      }
      const { cpu, memory } = costOfProcesses(process.pid)
      return { cpu: cpu - before.cpu, memory }
    },
    async () => kind.leave?.(),
  )
}
