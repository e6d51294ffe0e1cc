import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'

/** What the browser saved because of `act`, and the name it gave the file. Rejects when nothing is saved in 20 s. */
export async function saveNextDownload(
  page: Page,
  act: () => Promise<unknown>,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-download-'))
  try {
    const session = await page.browser().target().createCDPSession()
    const context = page.browserContext().id
    await session.send('Browser.setDownloadBehavior', {
      behavior: 'allowAndName',
      downloadPath: directory,
      eventsEnabled: true,
      ...(context === undefined ? {} : { browserContextId: context }),
    })
    let name = ''
    const saved = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('nothing was saved within 20 s')), 20_000)
      session.on('Browser.downloadWillBegin', ({ suggestedFilename }) => (name = suggestedFilename))
      session.on('Browser.downloadProgress', ({ guid, state }) => {
        if (state === 'inProgress') return
        clearTimeout(timer)
        if (state === 'completed') resolve(guid)
        else reject(new Error('the browser gave the download up'))
      })
    })
    const [guid] = await Promise.all([saved, act()])
    return { name, bytes: await readFile(join(directory, guid)) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
