import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { isSubscription, subscribe } from './subscribe.ts'
import 'graphiql/style.css'
import './graphiql.css'

const url = location.pathname
const runOnce = createGraphiQLFetcher({
  url,
  headers: { accept: 'application/graphql-response+json, application/json' },
})

/** The editor of queries. The browser sends its session along, so the graph answers what the person may see. */
const fetcher: Fetcher = (params, options) =>
  isSubscription(params) ? subscribe(url, params, options) : runOnce(params, options)

const firstQuery = `# Press Ctrl-Enter to run a query. Ctrl-Space completes names; the book on the left documents them.
# A subscription shows its last event, until you press Ctrl-Enter again.
{
  me { name }
  sites(first: 10) {
    edges { node { siteId name report(lastDays: 7) { totals { views } } } }
  }
}
`

const root = document.getElementById('graphiql')
if (root !== null) createRoot(root).render(createElement(GraphiQL, { fetcher, defaultQuery: firstQuery }))
