import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { freePort } from '../free-port.ts'

/** A page of WebKit's own browser, driven over W3C WebDriver. */
export interface WebKitPage {
  goto(url: string): Promise<void>
  /** Runs the body of a function in the page and returns what it returns. */
  evaluate(script: string): Promise<unknown>
}

const libraries = '/usr/lib/x86_64-linux-gnu'
/** Times that a driver that does not listen yet is asked again, 100 ms apart. */
const attempts = 100

/** Opens MiniBrowser on a screen of its own, and ends both. */
export async function usingWebKit(use: (page: WebKitPage) => Promise<void>): Promise<void> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  try {
    const display = await firstLine(screen)
    const port = await freePort()
    const driver = spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], {
      stdio: 'ignore',
      // The sandbox needs user namespaces, which root in a container may not have.
      env: { ...process.env, DISPLAY: `:${display}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    })
    try {
      await usingSession(`http://127.0.0.1:${port}`, use)
    } finally {
      await end(driver)
    }
  } finally {
    await end(screen)
  }
}

async function usingSession(driver: string, use: (page: WebKitPage) => Promise<void>): Promise<void> {
  const options = { binary: await findBrowser(), args: ['--automation'] }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } }
  await listening(`${driver}/status`)
  const { sessionId } = (await post(`${driver}/session`, { capabilities })) as { sessionId: string }
  const session = `${driver}/session/${sessionId}`
  try {
    await use({
      async goto(url) {
        await post(`${session}/url`, { url })
      },
      evaluate: (script) => post(`${session}/execute/sync`, { script, args: [] }),
    })
  } finally {
    await fetch(session, { method: 'DELETE' })
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) throw new Error(JSON.stringify(value))
  return value
}

async function listening(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fetch(url)
      return
    } catch (cause) {
      if (attempt === attempts) throw cause
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function findBrowser(): Promise<string> {
  const folder = (await readdir(libraries)).find((name) => /^webkit2gtk-4\.\d$/.test(name))
  if (folder === undefined) throw new Error('there is no WebKit here')
  return `${libraries}/${folder}/MiniBrowser`
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [, , , pipe] = child.stdio
  for await (const line of createInterface(pipe as NodeJS.ReadableStream)) return line
  throw new Error('Xvfb did not start')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill()
  await exited
}
