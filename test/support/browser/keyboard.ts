import type { Page } from 'puppeteer-core'

/** What the keyboard reaches: its name as assistive technology reads it, and a text of the part of the page around it. */
export interface Target {
  readonly name: string
  /** A text of the nearest form, list item or section around it. @default any */
  readonly within?: string
}

/** Presses of Tab that may lead through a whole page. */
const maxPresses = 400

/**
 * Presses Tab until the focus is on a control.
 * @throws {Error} if Tab does not reach it
 */
export async function tabTo(page: Page, target: Target | string): Promise<void> {
  const { name, within } = typeof target === 'string' ? { name: target } : target
  for (let presses = 0; presses < maxPresses; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(hasFocus, name, within ?? null)) return
  }
  throw new Error(`Tab does not reach "${name}" on ${page.url()}`)
}

/** Tabs to a button or link and presses Enter. */
export async function press(page: Page, target: Target | string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

/** Tabs to a box for text and replaces what is in it. */
export async function typeInto(page: Page, target: Target | string, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.down('Control')
  await page.keyboard.press('a')
  await page.keyboard.up('Control')
  await page.keyboard.type(text)
}

/** Tabs to a checkbox and presses the space bar. */
export async function check(page: Page, target: Target | string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Space')
}

/** Attempts to open the window of files: a page that is being drawn may take the focus away. */
const maxChoosing = 6

/** Tabs to a choice of a file, opens the window of files by Enter, and chooses one there. */
export async function chooseFile(page: Page, target: Target | string, file: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await tabTo(page, target)
    const opened = page.waitForFileChooser({ timeout: 20_000 })
    const [chooser] = await Promise.allSettled([opened, page.keyboard.press('Enter')])
    if (chooser.status === 'fulfilled') {
      await chooser.value.accept([file])
      return
    }
    const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))
    if (attempt === maxChoosing) throw new Error(`no window of files opens; the focus is on ${focused}`)
  }
}

/** Tabs to a list and presses the down arrow until an option is chosen. */
export async function choose(page: Page, target: Target | string, option: string): Promise<void> {
  await tabTo(page, target)
  const chosen = () =>
    page.evaluate(() => {
      const list = document.activeElement
      return list instanceof HTMLSelectElement ? (list.selectedOptions[0]?.textContent ?? '') : ''
    })
  for (let before = ''; !(await chosen()).includes(option);) {
    const now = await chosen()
    if (now === before) throw new Error(`the list has no "${option}": its last option is "${now}"`)
    before = now
    await page.keyboard.press('ArrowDown')
  }
}

/** Waits until the page shows a text. */
export async function untilShown(page: Page, text: string, timeout = 60_000): Promise<void> {
  await page
    .waitForFunction((shown) => (document.body?.textContent ?? '').includes(shown), { timeout }, text)
    .catch(async (cause: unknown) => {
      const shown = await page.evaluate(() => document.querySelector('main')?.textContent ?? '')
      throw new Error(`"${text}" is not on ${page.url()}, which shows: ${shown.slice(0, 3000)}`, { cause })
    })
}

/** Runs in the page. */
function hasFocus(name: string, within: string | null): boolean {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement)) return false
  const labels = 'labels' in focused ? (focused.labels as NodeListOf<HTMLLabelElement> | null) : null
  const names = [focused.getAttribute('aria-label'), labels?.[0]?.textContent, focused.textContent]
  const own = (names.find((each) => each != null && each.trim() !== '') ?? '').trim()
  if (own !== name) return false
  const around = focused.closest('form, li, section')?.textContent ?? ''
  return within === null || around.includes(within)
}
