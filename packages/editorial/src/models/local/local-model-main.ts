// The process of a local model: it loads the file, writes one answer, and is ended by the server.
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import type { LocalMessage, LocalRequest } from './messages.ts'

/** The part of `node-llama-cpp` 3 that is used here. It is installed on demand, so that its types are not there. */
interface LlamaRuntime {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      tokenize(text: string): readonly unknown[]
      readonly trainContextSize: number
      createContext(options: object): Promise<{ getSequence(): unknown }>
    }>
    createGrammarForJsonSchema(schema: object): Promise<unknown>
  }>
  readonly LlamaChatSession: new (options: object) => {
    prompt(text: string, options: object): Promise<string>
  }
}

/** Tokens of a context at most: memory grows with it. */
const maxContext = 32_768
/** Half of the processors: the server needs the others, and threads that wait for each other on a busy one take long. */
const threads = Math.max(1, Math.floor(availableParallelism() / 2))

// Without the server, nobody takes the answer.
process.on('disconnect', () => process.exit(1))
process.once('message', (request: LocalRequest) => {
  setInterval(sendSign, 1000)
  write(request).catch((error: unknown) =>
    send({ type: 'error', message: (error instanceof Error ? error.message : String(error)).slice(0, 500) }),
  )
})

async function write({ runtime, modelPath, instructions, prompt, schema, maxOutputTokens }: LocalRequest) {
  const loaded = (await import(pathToFileURL(runtime).href)) as LlamaRuntime
  const llama = await loaded.getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
  })
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 })
  const input = model.tokenize(instructions).length + model.tokenize(prompt).length
  const wanted = input + maxOutputTokens + 256
  const contextSize = Math.min(wanted, maxContext, model.trainContextSize)
  if (input + 256 > contextSize)
    throw new Error(`the brief has ${input} tokens, and the model takes ${contextSize}`)
  const context = await model.createContext({ contextSize, threads })
  // By now the model has the memory that it needs. A short answer would end before the next sign.
  sendSign()
  const session = new loaded.LlamaChatSession({
    contextSequence: context.getSequence(),
    systemPrompt: instructions,
  })
  let output = 0
  await session.prompt(prompt, {
    grammar: await llama.createGrammarForJsonSchema(schema),
    maxTokens: Math.min(maxOutputTokens, contextSize - input - 128),
    onTextChunk: (text: string) => send({ type: 'text', text }),
    onToken: (tokens: readonly unknown[]) => {
      output += tokens.length
    },
  })
  send({ type: 'end', usage: { input, output } })
}

function sendSign(): void {
  send({ type: 'alive', memory: process.memoryUsage.rss() })
}

function send(message: LocalMessage): void {
  // The channel is closed when the server has gone or has cancelled, and this process ends then.
  process.send?.(message, () => undefined)
}
