import { lazyPage } from './components/lazy-page.tsx'
import { messages } from './messages/messages.ts'
import type { SitePage } from './pages/site-page.ts'

const { pages } = messages

/** The pages of a site in the order of the navigation. A new page is one entry here and one folder in `pages`. */
export const sitePages: readonly SitePage[] = [
  { path: '', label: pages.overview, hasRange: true, hasFilters: true, hasComparison: true, Page: null },
  {
    path: 'delivery',
    label: pages.delivery,
    hasRange: true,
    hasFilters: true,
    hasComparison: true,
    Page: lazyPage(async () => (await import('./pages/delivery/delivery.tsx')).Delivery),
  },
  {
    path: 'speed',
    label: pages.speed,
    hasRange: true,
    hasFilters: true,
    hasComparison: true,
    Page: lazyPage(async () => (await import('./pages/speed/speed.tsx')).Speed),
  },
  {
    path: 'regions',
    label: pages.regions,
    hasRange: true,
    hasFilters: true,
    Page: lazyPage(async () => (await import('./pages/regions/regions.tsx')).Regions),
  },
  {
    path: 'search',
    label: pages.search,
    hasRange: true,
    Page: lazyPage(async () => (await import('./pages/search/search.tsx')).Search),
  },
  {
    path: 'posts',
    label: pages.posts,
    hasRange: true,
    Page: lazyPage(async () => (await import('./pages/posts/posts.tsx')).Posts),
  },
  {
    path: 'findings',
    label: pages.findings,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/findings/findings.tsx')).Findings),
  },
  {
    path: 'write',
    label: pages.write,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/write/write.tsx')).Write),
  },
  {
    path: 'alerts',
    label: pages.alerts,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/alerts/alerts.tsx')).Alerts),
  },
  {
    path: 'community',
    label: pages.community,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/community/community.tsx')).Community),
  },
  {
    path: 'seeds',
    label: pages.seeds,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/seeds/seeds.tsx')).Seeds),
  },
  {
    path: 'connectors',
    label: pages.connectors,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/connectors/connectors.tsx')).Connectors),
  },
  {
    path: 'settings',
    label: pages.settings,
    hasRange: false,
    Page: lazyPage(async () => (await import('./pages/settings/settings.tsx')).Settings),
  },
]
