import { createHash } from 'node:crypto'
import type { Site } from '@peerpress/registry'
import type { ConnectRequest } from './connect-request.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; }
main { width: min(34rem, calc(100vw - 2rem)); padding: 1.5rem 0; }
h1 { font-size: 1.4rem; line-height: 1.25; }
code { overflow-wrap: anywhere; }
fieldset { border: 1px solid color-mix(in srgb, CanvasText 25%, transparent); border-radius: 8px; margin: 1rem 0; padding: .75rem 1rem; }
label { display: block; margin: .5rem 0; }
label small { display: block; opacity: .8; }
fieldset label small { margin-left: 1.6rem; }
input[type=password], input[type=email] { display: block; box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; margin-top: .25rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 0; border-radius: 8px; background: #0b57d0; color: #fff; cursor: pointer; }
button:focus-visible, input:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
.wrong { border-left: 4px solid #b3261e; padding: .25rem .75rem; }
`

/** Returns the content security policy of a connect page: its own style, and forms to the server and the site alone. */
export function connectPagePolicy(returnOrigin?: string): string {
  const hash = createHash('sha256').update(style).digest('base64')
  const targets = returnOrigin === undefined ? "'self'" : `'self' ${returnOrigin}`
  return `default-src 'none'; style-src 'sha256-${hash}'; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`
}

/** Renders the page on which a person approves a site. */
export function connectPage(options: {
  readonly request: ConnectRequest
  /** The site's host is a private or loopback address, which is fetched only with permission. */
  readonly isPrivate: boolean
  /** The site that moves to the request's URL. @default none: it connects */
  readonly movedSite?: Site | null
  /** The account that the browser is signed in to. @default none */
  readonly signedIn?: { readonly name: string; readonly isAdministrator: boolean } | null
  readonly problem?: string
}): string {
  const { request, isPrivate, movedSite = null, signedIn = null, problem } = options
  const host = escape(new URL(request.url).host)
  return page(
    'Connect a site',
    `<h1>${movedSite === null ? `Connect <strong>${host}</strong> to PeerPress?` : `Move <strong>${escape(new URL(movedSite.url).host)}</strong> to <strong>${host}</strong>?`}</h1>
${movedSite === null ? '' : `<p>The site keeps its id, key and reports. The CMS at <code>${escape(movedSite.url)}</code> can publish nothing any more. If this is a copy of that site, such as a staging site, do not approve.</p>`}
<p>PeerPress will fetch the published posts and media of <code>${escape(request.url)}</code>, sign them and let the
site's readers help each other. Nothing on the site is changed.</p>
${problem === undefined ? '' : `<p class="wrong" role="alert">${escape(problem)}</p>`}
<form method="post" action="/connect">
${hidden('url', request.url)}${hidden('return', request.return)}${hidden('state', request.state)}${hidden('challenge', request.challenge)}
${movedSite === null ? '' : hidden('site', movedSite.id) + hidden('proof', request.proof ?? '')}
${consentPart(request.consent)}
${modePart(request.mode)}
${isPrivate ? '<label><input type="checkbox" name="private" value="yes" required> This is an address inside a private network. Let PeerPress fetch from it.</label>' : ''}
${signedIn === null ? credentialsPart : signedInPart(signedIn)}
<p><button>${movedSite === null ? 'Connect' : 'Move'}</button></p>
</form>`,
  )
}

/** Renders a page that explains what is wrong with a connect address. */
export function connectProblemPage(problem: string): string {
  return page(
    'Cannot connect',
    `<h1>This site cannot be connected</h1><p class="wrong">${escape(problem)}</p>
<p>Start again from the settings page of the plugin.</p>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} – PeerPress</title><style>${style}</style></head><body><main>${body}</main></body></html>`
}

/** The credentials of a person who is not signed in: one of both. */
const credentialsPart = `<fieldset><legend>Your account on this server</legend>
<label>E-mail <input type="email" name="email" autocomplete="username"></label>
<label>Password <input type="password" name="password" autocomplete="current-password"></label></fieldset>
<fieldset><legend>Or the operator token</legend>
<label>Operator token <small>It is in the file <code>operator-token</code> in the server's data folder.</small>
<input type="password" name="token" autocomplete="off"></label></fieldset>`

function signedInPart({ name, isAdministrator }: { name: string; isAdministrator: boolean }): string {
  const next = isAdministrator
    ? 'You are an administrator, so the site does not have to prove its address.'
    : 'You become the owner of the site here, once the site has proved that it made this request.'
  return `<p>You are signed in as <strong>${escape(name)}</strong>. ${next}</p>`
}

type Consent = NonNullable<ConnectRequest['consent']>

const consentPolicies: Readonly<Record<Consent, { readonly name: string; readonly meaning: string }>> = {
  assumed: {
    name: 'Assumed',
    meaning:
      'A reader’s browser exchanges pictures and videos with other readers at once; their IP addresses become known to each other. The site can offer an objection.',
  },
  notice: {
    name: 'Notice',
    meaning:
      'A small notice tells each reader first and takes a no. From when it is on the screen the reader’s browser exchanges pictures and videos with other readers, until the reader refuses; their IP addresses become known to each other.',
  },
  required: {
    name: 'Required',
    meaning: 'A reader’s browser connects to no other reader before the reader agreed on the site.',
  },
}

/** Renders the owner's choice, which cannot be changed here: site and server must have the same policy. */
function consentPart(chosen: Consent | undefined): string {
  if (chosen !== undefined) {
    const { name, meaning } = consentPolicies[chosen]
    return `${hidden('consent', chosen)}<p>Readers’ consent, as the owner chose it: <strong>${name}</strong>. ${meaning}</p>`
  }
  const choices = Object.entries(consentPolicies).map(
    ([value, { name, meaning }]) =>
      `<label><input type="radio" name="consent" value="${value}" required> ${name} <small>${meaning}</small></label>`,
  )
  return `<fieldset><legend>Readers’ consent</legend>${choices.join('')}</fieldset>`
}

/** Renders the mode that the owner chose. Release 0.1 of the plugin sends none. */
function modePart(chosen: ConnectRequest['mode']): string {
  return chosen === undefined ? '' : `${hidden('mode', chosen)}<p>Who helps readers: ${helpers[chosen]}.</p>`
}

const helpers: Readonly<Record<NonNullable<ConnectRequest['mode']>, string>> = {
  full: 'other readers of the same post, and the site’s seeds',
  'seeds-only': 'the site’s seeds alone',
  off: 'nobody; views are measured only',
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escape(value)}">`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string)
}
