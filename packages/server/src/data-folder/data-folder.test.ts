import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { openRegistry } from '@peerpress/registry'
import { openStore } from '@peerpress/store'
import { markIncomplete } from '../backup/incomplete-restore.ts'
import { readConfig, type ServerConfig } from '../config/config.ts'
import { ServerError, type ServerErrorCode } from '../server-error.ts'
import { type DataCheck, type DataCheckCode, inspectData } from './inspect-data.ts'
import { openDataFolder } from './open-data-folder.ts'

describe('a data folder', { timeout: 300_000 }, () => {
  let root: string
  let sound: string
  let count = 0

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-data-'))
    sound = join(root, 'sound')
    const folder = await openDataFolder(configOf(sound), assert.fail)
    const registry = await openRegistry({ directory: join(sound, 'registry') })
    const store = await openStore({ directory: join(sound, 'store') })
    await folder.complete()
    await store.close()
    await registry.close()
    await writeFile(join(sound, 'operator-token'), `${'a'.repeat(64)}\n`, { mode: 0o600 })
  })
  after(() => rm(root, { recursive: true, force: true }))

  /** A copy of the sound one, changed. */
  const copy = async (change: (directory: string) => Promise<unknown>): Promise<string> => {
    const directory = join(root, `copy-${count++}`)
    await cp(sound, directory, { recursive: true, verbatimSymlinks: true })
    await change(directory)
    return directory
  }
  const refusal = async (directory: string, code: ServerErrorCode): Promise<string> => {
    const error: unknown = await openDataFolder(configOf(directory), () => undefined).then(
      () => null,
      (refused: unknown) => refused,
    )
    assert.ok(error instanceof ServerError, `opened, or ${String(error)}`)
    assert.equal(error.code, code)
    assert.ok(!error.message.includes('\n'))
    return error.message
  }
  const inspected = async (directory: string) => {
    const checks = await inspectData(configOf(directory), 'http://127.0.0.1:1')
    return new Map(checks.map((check) => [check.code, check]))
  }
  /** The one check that has something to say of the folder; all others are well. */
  const onlyProblem = async (directory: string): Promise<DataCheck> => {
    const problems = [...(await inspected(directory)).values()].filter(({ state }) => state === 'problem')
    assert.equal(problems.length, 1, JSON.stringify(problems))
    return problems[0] ?? assert.fail()
  }

  test('is created for its owner alone, and an existing one is closed to others', async () => {
    const directory = join(root, 'made', 'here')
    await openDataFolder(configOf(directory), assert.fail)
    const modeOf = async (...names: string[]) => (await stat(join(directory, ...names))).mode & 0o777
    const parts = ['registry', 'store', 'beacons', 'assets']
    for (const name of ['', ...parts]) assert.equal(await modeOf(name), 0o700, name)
    await writeFile(join(directory, 'operator-token'), 'x', { mode: 0o644 })
    for (const name of ['', ...parts]) await chmod(join(directory, name), 0o755)
    const { state, detail } = (await inspected(directory)).get('permissions') ?? assert.fail()
    assert.equal(state, 'problem')
    assert.match(detail ?? '', /other users of this machine may read .+operator-token/)
    await openDataFolder(configOf(directory), assert.fail)
    for (const name of ['', ...parts]) assert.equal(await modeOf(name), 0o700, name)
    assert.equal(await modeOf('operator-token'), 0o600)
  })

  test('that is intact has no problem, and no check changes it', async () => {
    const found = await listing(sound)
    const checks = await inspected(sound)
    assert.deepEqual([...checks.keys()], [
      'folder',
      'permissions',
      'disk-space',
      'parts',
      'lock-files',
      'registry-files',
      'store-files',
      'log',
      'operator-token',
      'clock',
      'server',
      'schedules',
    ] satisfies DataCheckCode[])
    for (const { code, state } of checks.values())
      assert.equal(state, code === 'server' || code === 'schedules' ? 'skipped' : 'ok', code)
    assert.deepEqual(await listing(sound), found)
  })

  test('in which a restore did not end is a problem', async () => {
    const directory = await copy((to) => markIncomplete(to))
    const checks = await inspectData(configOf(directory), 'http://127.0.0.1:1')
    const { state, wayOut } = checks.find(({ code }) => code === 'folder') ?? assert.fail()
    assert.equal(state, 'problem')
    assert.match(wayOut ?? '', /peerpress restore/)
  })

  test('that does not exist yet is no problem, and no check creates it', async () => {
    const nowhere = join(root, 'nowhere')
    const checks = await inspectData(configOf(nowhere), 'http://127.0.0.1:1')
    assert.deepEqual(
      checks.map(({ code, state }) => [code, state]),
      [['folder', 'skipped']],
    )
    await assert.rejects(stat(nowhere), { code: 'ENOENT' })
  })

  for (const [part, what] of [
    ['registry', 'records'],
    ['store', 'measurements'],
  ] as const) {
    test(`without its ${part}, or with an empty one, is not begun anew beside the rest, unless the operator says so`, async () => {
      for (const isEmpty of [false, true]) {
        const directory = await copy(async (at) => {
          await rm(join(at, part), { recursive: true })
          if (isEmpty) await mkdir(join(at, part), { mode: 0o700 })
        })
        const message = await refusal(directory, 'missing-part')
        assert.match(
          message,
          new RegExp(`the ${what}.* are missing: ${join(directory, part)} is empty or gone`),
        )
        assert.match(message, /\.\/peerpress restore.+create the file .+\/begin-anew and start again/)
        const { code, detail } = await onlyProblem(directory)
        assert.equal(code, 'parts')
        assert.ok(message.startsWith(detail ?? assert.fail()))
        await writeFile(join(directory, 'begin-anew'), '')
        const folder = await openDataFolder(configOf(directory), assert.fail)
        const other = part === 'registry' ? 'store' : 'registry'
        await folder.complete()
        assert.equal(
          await readFile(join(directory, part, 'installation'), 'utf8'),
          await readFile(join(directory, other, 'installation'), 'utf8'),
        )
        // The leave was for this once.
        assert.ok(!(await readdir(directory)).includes('begin-anew'))
      }
    })
  }

  test('without records and measurements, but with beacons that wait, is not begun anew', async () => {
    const directory = await copy(async (at) => {
      for (const part of ['registry', 'store']) await rm(join(at, part), { recursive: true })
      await writeFile(join(at, 'beacons', '000001700000000-00000000-0123456789abcdef.log'), '')
    })
    assert.match(await refusal(directory, 'missing-part'), /beside data in .+beacons/)
  })

  test('whose first start was interrupted between its engines starts the next time', async () => {
    const directory = join(root, 'cut-off')
    await openDataFolder(configOf(directory), assert.fail)
    await (await openRegistry({ directory: join(directory, 'registry') })).close()
    await (await openDataFolder(configOf(directory), assert.fail)).complete()
  })

  test('of an earlier version without installation ids is accepted and gets one', async () => {
    const directory = await copy(async (at) => {
      for (const part of ['registry', 'store']) await rm(join(at, part, 'installation'))
    })
    await (await openDataFolder(configOf(directory), assert.fail)).complete()
    const ids = await Promise.all(
      ['registry', 'store'].map((part) => readFile(join(directory, part, 'installation'), 'utf8')),
    )
    assert.match(ids[0] ?? '', /^[0-9a-f-]{36}\n$/)
    assert.equal(ids[0], ids[1])
  })

  test('with a store of another installation is not opened', async () => {
    const directory = await copy((at) => writeFile(join(at, 'store', 'installation'), `${randomUUID()}\n`))
    const message = await refusal(directory, 'mixed-data')
    assert.match(message, /registry and the measurements in .+store are of different installations/)
    assert.match(message, /Put the folder back/)
    assert.equal((await onlyProblem(directory)).code, 'parts')
  })

  test('with an outside engine needs no part for it', async () => {
    const directory = await copy((at) => rm(join(at, 'registry'), { recursive: true }))
    const config = { ...configOf(directory), postgresUrl: 'postgres://127.0.0.1/none' }
    await (await openDataFolder(config, assert.fail)).complete()
  })

  test('with a file in the place of a folder is refused with the name of the file', async () => {
    const directory = await copy(async (at) => {
      await rm(join(at, 'beacons'), { recursive: true })
      await writeFile(join(at, 'beacons'), '')
    })
    assert.match(
      await refusal(directory, 'unusable-folder'),
      /copy-\d+\/beacons is a file where a folder must be/,
    )
    assert.equal((await inspected(directory)).get('folder')?.state, 'problem')
  })

  for (const name of ['registry', 'store', 'beacons', 'assets', 'operator-token']) {
    test(`whose ${name} is a link to what is not there is refused, and not begun anew`, async () => {
      const directory = await copy(async (at) => {
        await rm(join(at, name), { recursive: true })
        await symlink(`/nowhere/${name}`, join(at, name))
      })
      const what = `copy-\\d+/${name} is a symbolic link to /nowhere/${name}, which is not there`
      assert.match(await refusal(directory, 'unusable-folder'), new RegExp(what))
      const code = name === 'operator-token' ? name : 'folder'
      const { state, detail, wayOut } = (await inspected(directory)).get(code) ?? assert.fail()
      assert.equal(state, 'problem')
      assert.match(detail ?? '', new RegExp(what))
      assert.match(wayOut ?? '', /^Mount the disk that has it, or remove the link$/)
    })
  }

  test('that is a link to nothing, a circle of links or a file has this one problem', async () => {
    const place = join(root, 'in-its-place')
    for (const [make, pattern] of [
      [
        () => symlink('/nowhere/data', place),
        /in-its-place is a symbolic link to \/nowhere\/data, which is not/,
      ],
      [() => symlink(place, place), /ELOOP: .+in-its-place/],
      [() => writeFile(place, ''), /in-its-place/],
    ] as const) {
      await make()
      assert.match(await refusal(place, 'unusable-folder'), pattern)
      const checks = await inspectData(configOf(place), 'http://127.0.0.1:1')
      assert.deepEqual(
        checks.map(({ code, state }) => [code, state]),
        [['folder', 'problem']],
      )
      const [{ detail, wayOut }] = checks as [DataCheck]
      assert.match(detail ?? '', pattern)
      assert.doesNotMatch(`${detail}|${wayOut}`, /\.(?:\||$)/)
      await rm(place)
    }
  })

  test('on a read-only file system is refused with what to do', async (t: TestContext) => {
    const directory = join(root, 'read-only')
    await mkdir(directory)
    if (!mountDisk(directory, 'size=1m')) {
      t.skip('mounting takes root on Linux')
      return
    }
    try {
      await openDataFolder(configOf(directory), assert.fail)
      execFileSync('/usr/bin/mount', ['-o', 'remount,ro', directory])
      const message = await refusal(directory, 'unusable-folder')
      assert.match(
        message,
        /EROFS: read-only file system, .+read-only\/.+The file system is read-only: make it writable/,
      )
      const { state, wayOut } = (await inspected(directory)).get('folder') ?? assert.fail()
      assert.equal(state, 'problem')
      assert.match(wayOut ?? '', /make it writable/)
    } finally {
      execFileSync('/usr/bin/umount', [directory])
    }
  })

  test('on a full disk is refused with what to do', async (t: TestContext) => {
    const directory = join(root, 'full')
    await mkdir(directory)
    if (!mountDisk(directory, 'size=1m')) {
      t.skip('mounting takes root on Linux')
      return
    }
    try {
      await openDataFolder(configOf(directory), assert.fail)
      await writeFile(join(directory, 'ballast'), Buffer.alloc(960 * 1024))
      const message = await refusal(directory, 'unusable-folder')
      assert.match(
        message,
        /ENOSPC: no space left on device.+The disk is full: free some space and start again/,
      )
      assert.deepEqual(
        (await readdir(directory)).filter((name) => name.startsWith('.')),
        [],
      )
      const { state, wayOut } = (await inspected(directory)).get('disk-space') ?? assert.fail()
      assert.equal(state, 'problem')
      assert.match(wayOut ?? '', /free some space/)
    } finally {
      execFileSync('/usr/bin/umount', [directory])
    }
  })

  const damages: Readonly<
    Record<string, { code: DataCheckCode; detail: RegExp; damage: (at: string) => Promise<unknown> }>
  > = {
    'a garbage lock file': {
      code: 'lock-files',
      detail: /store\/lock holds garbage/,
      damage: (at) => writeFile(join(at, 'store', 'lock'), Buffer.alloc(5000, 'x')),
    },
    'a damaged registry': {
      code: 'registry-files',
      detail: /global\/pg_control is cut short/,
      damage: (at) => writeFile(join(at, 'registry', 'postgres', 'global', 'pg_control'), ''),
    },
    'a registry whose log is garbage': {
      code: 'registry-files',
      detail: /registry\/postgres cannot be read \(.+could not locate a valid checkpoint record/,
      damage: async (at) => {
        const log = join(at, 'registry', 'postgres', 'pg_wal')
        for (const name of (await readdir(log)).filter((entry) => /^[0-9A-F]{24}$/.test(entry)))
          await writeFile(join(log, name), Buffer.alloc(16 * 1024 ** 2, 'x'))
      },
    },
    'a part that the engine put aside': {
      code: 'store-files',
      detail: /detached\/broken-on-start_all_1_1_0 is a part of the table snapshots .+ \(12 rows\)/,
      damage: async (at) => {
        const tables = join(at, 'store', 'data', 'default')
        const folder = resolve(tables, await readlink(join(tables, 'snapshots')))
        const part = join(folder, 'detached', 'broken-on-start_all_1_1_0')
        await mkdir(part, { recursive: true })
        await writeFile(join(part, 'count.txt'), '12')
      },
    },
    'a part whose checksums are empty': {
      code: 'store-files',
      detail:
        /all_\d+_\d+_\d+\/checksums\.txt is empty: the engine may leave out this part of the table migrations/,
      damage: async (at) => {
        const tables = join(at, 'store', 'data', 'default')
        const folder = resolve(tables, await readlink(join(tables, 'migrations')))
        const part = (await readdir(folder)).find((name) => name.startsWith('all_')) ?? assert.fail()
        await writeFile(join(folder, part, 'checksums.txt'), '')
      },
    },
    'a segment that cannot be read': {
      code: 'log',
      detail: /beacons\/000001700000000-00000000-0123456789abcdef\.log cannot be read in whole/,
      damage: (at) => mkdir(join(at, 'beacons', '000001700000000-00000000-0123456789abcdef.log')),
    },
    'a segment that was set aside': {
      code: 'log',
      detail: /0123456789abcdef\.log\.damaged was set aside earlier/,
      damage: (at) =>
        writeFile(join(at, 'beacons', '000001700000000-00000000-0123456789abcdef.log.damaged'), 'x'),
    },
    'an operator token that is none': {
      code: 'operator-token',
      detail: /operator-token holds no token/,
      damage: (at) => writeFile(join(at, 'operator-token'), 'x'),
    },
    'a file of the future': {
      code: 'clock',
      detail: /operator-token was written at .+, which is still to come/,
      damage: (at) => utimes(join(at, 'operator-token'), Date.now() / 1000, Date.now() / 1000 + 2 * 86_400),
    },
  }
  for (const [what, { code, detail, damage }] of Object.entries(damages)) {
    test(`is found to have ${what}, with what to do, and is left as it is`, async () => {
      const directory = await copy(damage)
      const found = await listing(directory)
      const check = await onlyProblem(directory)
      assert.equal(check.code, code)
      assert.match(check.detail ?? '', detail)
      assert.ok(check.wayOut)
      assert.deepEqual(await listing(directory), found)
    })
  }

  test('that is in use is checked beside its server, which is queried', async (t: TestContext) => {
    const directory = await copy(async () => undefined)
    const registry = await openRegistry({ directory: join(directory, 'registry') })
    t.after(() => registry.close())
    const checks = await inspected(directory)
    assert.equal(checks.get('lock-files')?.detail, 'a server uses the folder')
    assert.match(checks.get('registry-files')?.detail ?? '', /only while the server is stopped/)
    assert.match(
      checks.get('server')?.detail ?? '',
      /no server answers at http:\/\/127\.0\.0\.1:1: name the one .* with --server/,
    )
    assert.equal((await registry.sites.list()).length, 0)
  })
})

function configOf(directory: string): ServerConfig {
  return readConfig({ PEERPRESS_DATA: directory })
}

/** Each entry with its size, mode and time of change. */
async function listing(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const lines = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const { size, mode, mtimeMs } = await stat(path)
      return `${path} ${size} ${mode} ${mtimeMs}`
    })
  return (await Promise.all(lines)).toSorted()
}

/** False where this process may not mount. */
function mountDisk(directory: string, options: string): boolean {
  return spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]).status === 0
}
