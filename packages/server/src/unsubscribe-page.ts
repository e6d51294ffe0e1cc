import { createHash } from 'node:crypto'

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; }
main { width: min(34rem, calc(100vw - 2rem)); padding: 1.5rem 0; }
h1 { font-size: 1.4rem; line-height: 1.25; }
button { font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 0; border-radius: 8px; background: #0b57d0; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** The content security policy of the page: its own style and form alone. */
export const unsubscribePagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`

/** Renders the page of an unsubscribe link. @param state null if the link is of no channel */
export function unsubscribePage(
  state: { readonly host: string; readonly isSubscribed: boolean } | null,
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>E-mail notifications</title><style>${style}</style></head>
<body><main>${state === null ? unknownLink : subscription(state)}</main></body></html>`
}

const unknownLink = `<h1>This link is not valid</h1>
<p>The address may have been removed from the site already, or the link is incomplete. Copy the whole link from the message.</p>`

function subscription({ host, isSubscribed }: { host: string; isSubscribed: boolean }): string {
  const site = escape(host)
  return isSubscribed
    ? `<h1>Stop e-mail about ${site}?</h1>
<p>This address gets a message when ${site} is down, slow or unreliable.</p>
<form method="post"><button name="action" value="unsubscribe">Unsubscribe</button></form>`
    : `<h1>You are unsubscribed</h1>
<p>This address gets no more messages about ${site}.</p>
<form method="post"><button name="action" value="subscribe">Subscribe again</button></form>`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
