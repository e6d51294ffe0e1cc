import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import 'graphiql/style.css'
import './graphiql.css'

/** The editor of queries. The browser sends its session along, so the graph answers what the person may see. */
const fetcher = createGraphiQLFetcher({
  url: location.pathname,
  headers: { accept: 'application/graphql-response+json, application/json' },
})

const firstQuery = `# Press Ctrl-Enter to run a query. Ctrl-Space completes names; the book on the left documents them.
{
  me { name }
  sites(first: 10) {
    edges { node { siteId name report(lastDays: 7) { totals { views } } } }
  }
}
`

const root = document.getElementById('graphiql')
if (root !== null) createRoot(root).render(createElement(GraphiQL, { fetcher, defaultQuery: firstQuery }))
