import type { Store } from '@peerpress/store'
import type { ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { OperationContext, RequestContext } from '../context.ts'
import { RequestRun } from '../reports/request-run.ts'
import { postLoader } from '../reports/post-loader.ts'
import type { CostBudget } from './cost-budget.ts'
import { judgeWork } from './work.ts'

/** Limits of requests. */
export interface RequestLimits {
  /** Maximum ms of a request. */
  readonly time: number
  /** Maximum ms of one section of a report. */
  readonly sectionTime: number
  /** What each principal may spend. */
  readonly budget: CostBudget
}

/**
 * Yoga plugin: checks the cost of a request before it runs, subtracts it from the principal's budget, reports both as
 * `extensions.cost`, and cancels the request's queries when it ends.
 */
export function useRequestRun(
  store: Pick<Store, 'reportsFor'>,
  { time, sectionTime, budget }: RequestLimits,
): Plugin<OperationContext> {
  return {
    // A stream costs what it may at its start.
    onSubscribe: ({ args, context }) => {
      budget.spend(context, judgeArgs(args))
    },
    onExecute({ args, context, extendContext }) {
      const cost = budget.spend(context, judgeArgs(args))
      const run = new RequestRun(store, { time, sectionTime, disconnected: context.request.signal })
      const posts = postLoader(context.registry)
      extendContext({ run, posts } satisfies Partial<RequestContext> as Partial<OperationContext>)
      return {
        onExecuteDone: ({ result, setResult }) => {
          run.end()
          if (Symbol.asyncIterator in result) return
          setResult({ ...result, extensions: { ...result.extensions, cost } })
        },
      }
    },
  }
}

function judgeArgs({ schema, document, operationName, variableValues }: ExecutionArgs): number {
  return judgeWork({ schema, document, operationName, variables: variableValues ?? {} })
}
