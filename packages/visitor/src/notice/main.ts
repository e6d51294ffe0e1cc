import type { NoticeConfig } from '@peerpress/wire'
import { style } from './style.ts'

/** A notice in the page. */
export interface Notice {
  /** Resolves when it is on a screen that somebody may look at: never in a page that stays in the background. */
  readonly shown: Promise<void>
  /** Takes it away; a second call does nothing. */
  close(): void
}

/** What the loader finds in the notice's script. */
export interface NoticeModule {
  readonly showNotice: typeof showNotice
}

const english = {
  label: 'How this page is delivered',
  text: 'Readers of this page help each other: your browser exchanges its pictures and videos with theirs, and they can see your IP address.',
  accept: 'OK',
  refuse: 'No thanks',
}

/**
 * Tells the reader that peers are used and takes the answer. It covers a corner and moves nothing, takes no focus, is
 * the first thing that Tab reaches and is read out when a screen reader pauses. Built without markup and without
 * inline style, so that a strict Content-Security-Policy and Trusted Types have nothing to refuse.
 */
export function showNotice(config: NoticeConfig, answer: (agreed: boolean) => void): Notice {
  const host = document.createElement('peerpress-notice')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]
  // Text of the site's is in the language of its page.
  if (config.text === undefined) {
    host.lang = 'en'
    host.dir = 'ltr'
  }
  const section = document.createElement('section')
  section.setAttribute('aria-label', config.label ?? english.label)
  const text = document.createElement('p')
  text.setAttribute('role', 'status')
  const choices = document.createElement('div')
  choices.append(
    button(config.refuse ?? english.refuse, () => answer(false)),
    button(config.accept ?? english.accept, () => answer(true)),
  )
  section.append(text, choices)
  section.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') answer(false)
  })
  root.append(section)
  document.body.prepend(host)
  // Only what changes in an element that is there already is read out.
  requestAnimationFrame(() => {
    text.textContent = config.text ?? english.text
    const link = linkTo(config.more)
    if (link) text.append(' ', link)
  })
  return { shown: twoFrames(), close: () => host.remove() }
}

function button(text: string, press: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = text
  element.addEventListener('click', press)
  return element
}

function linkTo(more: NoticeConfig['more']): HTMLAnchorElement | null {
  if (!more || !URL.canParse(more.url, location.href)) return null
  const link = document.createElement('a')
  link.href = more.url
  link.textContent = more.text
  return /^https?:$/.test(link.protocol) ? link : null
}

/** The second frame begins when the first is on the screen; a page in the background has no frames. */
function twoFrames(): Promise<void> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )
}
