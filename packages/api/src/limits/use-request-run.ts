import type { Store } from '@peerpress/store'
import type { Plugin } from 'graphql-yoga'
import type { OperationContext, RequestContext } from '../context.ts'
import { RequestRun } from '../reports/request-run.ts'
import { judgeWork } from './work.ts'

/**
 * Yoga plugin: judges what a request costs before anything of it runs, and ends its queries with it.
 * @param time ms that a request may take
 */
export function useRequestRun(store: Pick<Store, 'reportsFor'>, time: number): Plugin<OperationContext> {
  return {
    onExecute({ args, context, extendContext }) {
      judgeWork({
        schema: args.schema,
        document: args.document,
        operationName: args.operationName,
        variables: args.variableValues ?? {},
      })
      const run = new RequestRun(store, { time, disconnected: context.request.signal })
      extendContext({ run } satisfies Partial<RequestContext> as Partial<OperationContext>)
      return { onExecuteDone: () => run.end() }
    },
  }
}
