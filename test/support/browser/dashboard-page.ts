import type { Browser, BrowserContext, Page } from 'puppeteer-core'

/** A page, signed in when a token is given, and what the browser complains about on it. */
export async function openPage(
  browser: Browser | BrowserContext,
  token?: string,
): Promise<{ page: Page; complaints: () => Promise<string[]> }> {
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  const heard: string[] = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) heard.push(message.text())
  })
  page.on('pageerror', (error) => heard.push(String(error)))
  await page.evaluateOnNewDocument((given) => {
    if (given !== null) sessionStorage.setItem('peerpress-operator-token', given)
    const violations: string[] = []
    Object.assign(globalThis, { violations })
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective}: ${blockedURI}`),
    )
  }, token ?? null)
  const violations = () => page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations)
  return { page, complaints: async () => [...heard, ...(await violations())] }
}

/** The totals on the page by their labels. */
export function readFigures(page: Page): Promise<Record<string, string>> {
  return page.$$eval('.figure', (figures) =>
    Object.fromEntries(
      figures.map((figure) => [
        figure.querySelector('dt')!.textContent,
        figure.querySelector('dd')!.textContent.replaceAll('\u00A0', ' '),
      ]),
    ),
  )
}

/** The cells of a table's body, the texts inside one cell with a space between. */
export function readRows(page: Page, caption: string): Promise<string[][]> {
  return page.evaluate((wanted) => {
    const table = [...document.querySelectorAll('table')].find(
      ({ caption: own }) => own?.textContent === wanted,
    )
    const texts = (cell: Element) => {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
      const found: string[] = []
      while (walker.nextNode()) found.push(walker.currentNode.textContent ?? '')
      return found
    }
    return [...table!.tBodies[0]!.rows].map((row) =>
      [...row.cells].map((cell) => {
        const note = cell.querySelector('.cell-note')
        const value = texts(cell)
          .join(note ? '' : ' ')
          .slice(0, note ? -note.textContent.length : undefined)
        return (note ? `${value} ${note.textContent}` : value).replaceAll('\u00A0', ' ')
      }),
    )
  }, caption)
}
