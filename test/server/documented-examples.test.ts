import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { glob, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import { openRegistry } from '@peerpress/registry'
import { encodeViewRow, openStore } from '@peerpress/store'
import { sampleViews } from '../support/data/sample-views.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const root = fileURLToPath(repositoryDirectory)
const main = join(root, 'packages/cli/src/main.ts')

/** An example of the documents. */
interface Example {
  /** The file and the first line of the example. */
  readonly place: string
  readonly text: string
}

/** Commands that other tests run, or that need what a test has not: the internet, a terminal, minutes. */
const elsewhere: Readonly<Record<string, string>> = {
  backup: 'test/data/backup.test.ts',
  bench: 'minutes',
  demo: 'test/wordpress/whole-way.test.ts',
  dev: 'test/server/dev.test.ts',
  plugin: 'test/wordpress/install-zip.ts',
  probe: 'the internet',
  publish: 'test/server/connectors.test.ts',
  restore: 'test/data/backup.test.ts',
  search: 'test/server/search-import.test.ts',
  seed: 'test/server/seed.test.ts',
  start: 'this test starts a server',
  test: 'this is one',
}

/** Everything that the documents show is done here: each example in its order, on a server with views. */
suite('every example of the documents runs', { timeout: 600_000 }, () => {
  let server: ServerProcess
  let folder: string
  let siteId: string
  /** The global id of a draft that has ended. */
  let draftId: string
  let documents: readonly { readonly path: string; readonly text: string }[]

  before(async () => {
    const data = await mkdtemp(join(tmpdir(), 'peerpress-examples-data-'))
    const registry = await openRegistry({
      directory: join(data, 'registry'),
      ledgerFile: join(data, 'ledger-key.json'),
    })
    const input = { url: 'https://example.org/', consent: 'required', allowPrivateAddresses: false } as const
    siteId = (await registry.sites.add(input)).site.id
    const request = { brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
    const draft = await registry.drafts.request({ site: siteId, ...request })
    await registry.drafts.cancel(draft.id)
    draftId = Buffer.from(`Draft:${siteId}/${draft.id}`).toString('base64')
    await registry.close()
    const store = await openStore({ directory: join(data, 'store') })
    const views = sampleViews(siteId, 600, Date.now())
    await store.insertViews(Buffer.from(views.map((row) => `${encodeViewRow(row)}\n`).join('')), 'examples')
    await store.close()
    server = await startServerProcess({}, data)
    folder = await mkdtemp(join(tmpdir(), 'peerpress-examples-'))
    await symlink(data, join(folder, 'data'))
    const found: { readonly path: string; readonly text: string }[] = []
    for await (const path of glob('{README.md,docs/*.md,packages/*/README.md}', { cwd: root }))
      found.push({ path, text: await readFile(join(root, path), 'utf8') })
    documents = found.toSorted((a, b) => a.path.localeCompare(b.path))
  })
  after(async () => {
    await server?.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  test('GraphQL: each is answered without an error, and what the site has is in the answers', async () => {
    const examples = examplesIn('graphql')
    assert.ok(examples.length >= 12, `${examples.length} examples`)
    const answers = new Map<string, unknown>()
    const range = { from: new Date(Date.now() - 30 * 86_400_000), to: new Date() }
    for (const { place, text } of examples) {
      const isStream = text.startsWith('subscription ')
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await server.token()}`,
          ...(isStream && { accept: 'text/event-stream' }),
        },
        body: JSON.stringify({
          query: text.replaceAll('https://example.org/', 'https://added.example.org/'),
          variables: { site: siteId, range, ids: [draftId] },
        }),
      })
      const answered = await response.text()
      // The draft has ended, so its stream is one event and the end.
      if (isStream) assert.match(answered, /event: complete\ndata:/, place)
      const { data, errors } = JSON.parse(
        isStream ? (/^data: (.*)$/m.exec(answered)?.[1] ?? '') : answered,
      ) as {
        readonly data?: Readonly<Record<string, unknown>> | null
        readonly errors?: readonly { readonly message: string }[]
      }
      assert.deepEqual(errors ?? [], [], `${place}:\n${text}`)
      assert.equal(response.status, 200, place)
      for (const [name, value] of Object.entries(data ?? {}))
        assert.notEqual(value, null, `${place}: ${name}`)
      const found = JSON.stringify(data)
      assert.doesNotMatch(found, /"userErrors":\[\{/, place)
      answers.set(/^\w+ (\w+)/.exec(text)?.[1] ?? place, data)
    }
    // An example that finds nothing among 600 views would show nothing to its reader, either.
    const rows = answers.get('SlowestMarkets') as { site: { report: { rows: { totalCount: number } } } }
    assert.ok(rows.site.report.rows.totalCount > 4)
    const elements = answers.get('LargestElements') as { site: { report: { breakdown: readonly unknown[] } } }
    assert.ok(elements.site.report.breakdown.length > 1)
  })

  test('curl: each is answered with what its text says', async () => {
    const examples = examplesIn('sh').filter(({ text }) => /^curl /m.test(text))
    assert.ok(examples.length >= 2)
    for (const { place, text } of examples) {
      const local = text.replaceAll('http://127.0.0.1:4600', server.url)
      const { code, stdout, stderr } = await run('sh', ['-c', local.replaceAll('curl -s', 'curl -sS --fail')])
      assert.equal(code, 0, `${place}: ${stderr}`)
      if (text.includes('/graphql')) assert.match(stdout, /"data":\{"sites":\{"edges":\[\{/, place)
      else assert.match(stdout, /^row,country,device,views,/, place)
    }
  })

  test('commands: each ends with 0', async () => {
    const lines = examplesIn('sh').flatMap(({ place, text }) =>
      text
        .replaceAll(/\\\n\s*/g, ' ')
        .split('\n')
        .flatMap((line) => {
          const [, command = '', rest = ''] = /^(?:\w+=\S+ )*\.\/peerpress ([a-z]+)([^#]*)/.exec(line) ?? []
          return command === '' ? [] : [{ place, command, words: wordsOf(rest) }]
        }),
    )
    assert.ok(lines.length > 30, `${lines.length} commands`)
    const known = new Set([
      ...Object.keys(elsewhere),
      'account',
      'connector',
      'doctor',
      'export',
      'report',
      'site',
    ])
    const unknown = lines.filter(({ command }) => !known.has(command))
    assert.deepEqual(unknown, [], 'run it here, or say where it is run')
    let added = 0
    // What is removed is needed by others.
    const isLast = (words: readonly string[]) => words[0] === 'remove'
    const ordered = [
      ...lines.filter(({ words }) => !isLast(words)),
      ...lines.filter(({ words }) => isLast(words)),
    ]
    for (const { place, command, words } of ordered) {
      if (command in elsewhere) continue
      const own = await Promise.all(
        words.map(async (word) => {
          if (word === 'SITE_ID' || word === 'SITE') return siteId
          if (word === 'TOKEN_ID') return tokenId()
          return command === 'site' && word === 'https://example.org/'
            ? `https://added-${++added}.example.org/`
            : word
        }),
      )
      const { code, stdout, stderr } = await peerpress([command, ...own])
      // The example's visitor is nobody's.
      const isRefused = own[0] === 'remove-visitor' && /has no view of visitor/.test(stderr)
      assert.equal(code, isRefused ? 1 : 0, `${place}: ./peerpress ${[command, ...own].join(' ')}\n${stderr}`)
      if (command === 'account' && own[0] === 'add') await openLink(stdout, own[1] ?? '')
    }
  })

  /** Opens the link of a new account, as its person does: the next example needs the account. */
  async function openLink(printed: string, email: string): Promise<void> {
    const token = /\/welcome#(\S+)/.exec(printed)?.[1]
    const response = await fetch(`${server.url}/account/first`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ token, email, name: 'Person', password: 'correct horse battery' }),
    })
    assert.equal(response.status, 200, printed)
  }

  async function tokenId(): Promise<string> {
    const { stdout } = await peerpress(['account', 'token', 'list', '--site', siteId, '--json'])
    return /"(?:tokenId|id)":"(\w+)"/.exec(stdout)?.[1] ?? ''
  }

  function peerpress(words: readonly string[]) {
    const elsewhereAt = new Set(['--server', '--data'])
    const own = words.filter((word, i) => !elsewhereAt.has(word) && !elsewhereAt.has(words[i - 1] ?? ''))
    // A person answers at the terminal.
    const asks = /^(?:site remove|account close)/.test(words.join(' '))
    const here = ['--server', server.url, '--data', server.dataDirectory]
    return run(process.execPath, [main, ...own, ...(asks ? ['--yes'] : []), ...here])
  }

  function run(command: string, words: readonly string[]) {
    return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>(
      (resolve) => {
        const options = { cwd: folder, env: { ...process.env, SITE: siteId } }
        const child = execFile(command, words, options, (error, stdout, stderr) => {
          resolve({
            code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
            stdout,
            stderr,
          })
        })
        child.stdin?.end()
      },
    )
  }

  function examplesIn(language: string): Example[] {
    return documents.flatMap(({ path, text }) =>
      [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)]
        .filter(([, of]) => of === language)
        .map(({ 2: content = '', index }) => ({
          place: `${path}:${text.slice(0, index).split('\n').length}`,
          text: content,
        })),
    )
  }
})

/** Splits the words of a command. In quotes, a space is a part of a word. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
