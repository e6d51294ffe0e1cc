import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { API, type Checker, NodeBuilderFlags, SymbolFlags, type Type } from 'typescript/unstable/sync'

/** Modules that make up the package's interface; their declarations name nothing but each other. */
const faces = ['index', 'measure', 'measurement', 'sending/before-send']

/**
 * Writes the declarations of the package in `directory` into `output`. They need no other package: the compiler expands
 * the report's type, which `wire` and valibot infer, and adds the comments of its schema.
 * @throws {Error} with the compiler's output.
 */
export async function writeDeclarations(directory: string, output: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), 'peerpress-declarations-'))
  try {
    const compiler = fileURLToPath(
      import.meta.resolve('typescript/package.json').replace('package.json', 'bin/tsc'),
    )
    const target = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', emitted]
    const root = ['--rootDir', join(directory, '..')]
    await promisify(execFile)(process.execPath, [compiler, '-p', directory, ...target, ...root])
    await mkdir(join(output, 'sending'), { recursive: true })
    for (const face of faces) {
      const text = await readFile(join(emitted, 'rum/src', `${face}.d.ts`), 'utf8')
      // The compiler keeps the module names of the source.
      await writeFile(join(output, `${face}.d.ts`), text.replaceAll(/(?<= from '\.\/[\w/-]+)\.ts'/g, ".js'"))
    }
    await writeFile(join(output, 'sending/report.d.ts'), reportDeclaration(directory))
  } finally {
    await rm(emitted, { recursive: true, force: true })
  }
}

function reportDeclaration(directory: string): string {
  const api = new API({ cwd: directory })
  try {
    const configuration = join(directory, 'tsconfig.json')
    const project = api.updateSnapshot({ openProjects: [configuration] }).getProject(configuration)
    const source = join(directory, 'src/sending/report.ts')
    if (!project) throw new Error(`no project at ${configuration}`)
    const { checker } = project
    const symbol = checker.resolveName('Report', SymbolFlags.TypeAlias, { document: source, position: 0 })
    if (!symbol) throw new Error(`${source} declares no Report`)
    const comment = commentOf(symbol.getDocumentationComment(checker), '')
    return `${comment}export type Report = ${written(checker, checker.getDeclaredTypeOfSymbol(symbol), '')}\n`
  } finally {
    api.close()
  }
}

/** Returns a type as text, with the types of its parts expanded. */
function written(checker: Checker, type: Type, indent: string): string {
  const inside = (part: Type): string => written(checker, part, indent)
  if (type.isUnionType() && type.getTypes().some((part) => part.isObjectType()))
    return type.getTypes().map(inside).join(' | ')
  if (checker.isArrayType(type) && type.isTypeReference())
    return `(${checker.getTypeArguments(type).map(inside).join()})[]`
  const properties = checker.getPropertiesOfType(type)
  if (!type.isObjectType() || properties.length === 0)
    return checker.typeToString(type, undefined, NodeBuilderFlags.NoTruncation)
  const deeper = `${indent}  `
  const lines = properties.map((property) => {
    const value = checker.getTypeOfSymbol(property)
    if (!value) throw new Error(`${property.name} has no type`)
    const comment = commentOf(property.getDocumentationComment(checker), deeper)
    return `${comment}${deeper}${property.name}: ${written(checker, value, deeper)}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

function commentOf(text: string, indent: string): string {
  return text === '' ? '' : `${indent}/** ${text.replaceAll('\n', `\n${indent} * `)} */\n`
}
