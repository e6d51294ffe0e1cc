import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { suite, test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

suite('the browser that tests and the demo start', { timeout: 60_000 }, () => {
  for (const [ending, last] of [
    ['when it was closed', 'await browser.close()'],
    ['when the process that started it exits without', 'process.exit()'],
  ] as const)
    test(`leaves no profile behind ${ending}`, async () => {
      const script = `import { existsSync } from 'node:fs'
        import { launchChromium } from '${import.meta.resolve('@peerpress/testbed')}'
        const browser = await launchChromium()
        const page = await browser.newPage()
        await page.goto('data:text/html,read')
        const [, profile] = /^--user-data-dir=(.+)$/m.exec(browser.process().spawnargs.join('\\n'))
        console.log(JSON.stringify({ profile, used: existsSync(profile) }))
        ${last}`
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script])
      const { profile, used } = JSON.parse(stdout) as { profile: string; used: boolean }
      assert.ok(used)
      assert.ok(!existsSync(profile))
    })
})
