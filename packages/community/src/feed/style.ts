import { createHash } from 'node:crypto'

/** The style of all pages. Colours have a contrast of at least 4.5:1 in both themes. */
export const style = `
:root { color-scheme: light dark; --ground: #f6f6f3; --surface: #fff; --line: #e2e2dc; --text: #1b1d1f; --quiet: #5a6067; --accent: #0d6e55; font: 16px/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --ground: #121416; --surface: #1b1e21; --line: #2e3236; --text: #ececea; --quiet: #a3a9b0; --accent: #4fd1a7; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
header, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1rem; }
header nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 0; padding: 0; list-style: none; }
header nav a, footer a, .more a { display: inline-block; padding: .25rem 0; }
header nav a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none; border-bottom: 3px solid var(--accent); }
.brand { font-weight: 650; color: var(--text); text-decoration: none; }
h1 { margin: 1.25rem 0 .25rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 0; font-size: 1.1rem; line-height: 1.35; }
.quiet { color: var(--quiet); }
.lead { margin: 0 0 1rem; color: var(--quiet); }
.posts { margin: 0; padding: 0; list-style: none; display: grid; gap: .75rem; }
.post, .panel { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; }
.panel { margin-top: 1rem; }
.post { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.post p, .panel p { margin: .35rem 0 0; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .875rem; color: var(--quiet); }
.picture { width: 100%; max-height: 14rem; object-fit: cover; border-radius: 6px; background: var(--line); }
.note { border-left: 4px solid var(--accent); padding-left: .75rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.25rem; margin: .75rem 0 0; }
dt { color: var(--quiet); }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
dd { margin-inline: 0; margin-block-start: 0; font-variant-numeric: tabular-nums; }
.more { margin: 1.25rem 0; }
footer { padding-bottom: 2rem; font-size: .875rem; color: var(--quiet); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--surface); padding: .5rem; }
@media (min-width: 40rem) { .post.pictured { grid-template-columns: 11rem minmax(0, 1fr); } .post .picture { height: 7.5rem; } }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/**
 * The content security policy of all pages: their own style and pictures of this server, and nothing else. Structured data is no
 * script.
 */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
