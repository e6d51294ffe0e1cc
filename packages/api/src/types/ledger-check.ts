import type { LedgerCheck, LedgerProblem } from '@peerpress/registry'
import { pageWork, work } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'

const ledgerProblem = builder.objectRef<LedgerProblem>('LedgerProblem').implement({
  description: "A row of the community's ledger that is not as it was written.",
  fields: (t) => ({
    seq: t.exposeInt('seq', { description: "The row's position; the first row has 1." }),
    problem: t.exposeString('problem', {
      description: 'changed: the row does not follow from its predecessor. missing: the row is not there.',
    }),
  }),
})

const ledgerCheck = builder.objectRef<LedgerCheck>('LedgerCheck').implement({
  description: "The result of a check of the community's ledger.",
  fields: (t) => ({
    rows: t.exposeInt('rows', { description: 'Rows that were checked.' }),
    problems: t.connection({
      type: ledgerProblem,
      description: 'Rows that are missing or changed, in their order, at most 100; none if all is well.',
      complexity: pageWork,
      resolve: ({ problems }, args) => pageOf(problems, args, ({ seq }) => String(seq).padStart(16, '0')),
    }),
  }),
})

builder.queryField('ledgerCheck', (t) =>
  t.field({
    type: ledgerCheck,
    description:
      "Checks every row of the community's ledger against its chain, and the last one against the head outside the database. Takes some seconds for each 100,000 rows. For administrators.",
    complexity: work.query,
    resolve: (_root, _args, context) => {
      requireAction(context, 'installation.manage', null)
      return context.registry.ledger.verify()
    },
  }),
)
