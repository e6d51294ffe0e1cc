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
