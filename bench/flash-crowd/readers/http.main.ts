import { beReader } from './reader-process.ts'
import { mediaOf } from '../media-of.ts'

/** Connections that a browser has to one host. */
const connections = 6
const attempts = 5

// A reader of the plain site: the page, then its media, as many at a time as browsers load.
beReader({
  async read({ page }) {
    const media = (await mediaOf(page)).values()
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (const url of media) await load(url)
      }),
    )
  },
})

/** A browser begins anew on what a crowded link broke off. */
async function load(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await (await fetch(url)).arrayBuffer()
      return
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}
