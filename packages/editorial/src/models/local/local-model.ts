import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { ModelError } from '../model-error.ts'
import type { TextAnswer, TextModel, TextRequest } from '../text-model.ts'
import type { LocatedModel } from './local-models.ts'
import type { LocalMessage, LocalRequest } from './messages.ts'

/** Limits of the process of a local model. Times are in ms. */
export interface LocalLimits {
  /** Resident memory, bytes. */
  readonly maxMemory: number
  /** The whole answer. A model of a few billion parameters writes a draft in minutes on a processor. */
  readonly timeout: number
  /** Without a sign of life, which the process sends each second. */
  readonly silence: number
}

export const localLimits: LocalLimits = {
  maxMemory: 8 * 1024 ** 3,
  timeout: 3_600_000,
  silence: 60_000,
}

/** Creates a model that runs a GGUF file in a process of its own: a crash of native code ends that process alone. */
export function createLocalModel(located: LocatedModel, limits: LocalLimits = localLimits): TextModel {
  return {
    write: ({ instructions, prompt, schema, maxOutputTokens, ...rest }) =>
      run({ ...located, instructions, prompt, schema, maxOutputTokens }, rest, limits),
    close: async () => undefined,
  }
}

function run(
  request: LocalRequest,
  { signal, onText }: Pick<TextRequest, 'signal' | 'onText'>,
  limits: LocalLimits,
): Promise<TextAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error)
      return
    }
    // Nothing of the server's environment, which has secrets, beyond what programs need to run.
    const { PATH = '', HOME = '', TMPDIR = '' } = process.env
    const child = fork(join(import.meta.dirname, 'local-model-main.ts'), {
      execArgv: ['--max-old-space-size=1024'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH, HOME, ...(TMPDIR !== '' && { TMPDIR }) },
    })
    let text = ''
    let lastSign = performance.now()
    const began = lastSign
    const end = (settle: () => void) => {
      clearInterval(watch)
      signal.removeEventListener('abort', cancel)
      child.removeAllListeners('message')
      child.kill('SIGKILL')
      settle()
    }
    const fail = (error: Error) => end(() => reject(error))
    const cancel = () => fail(signal.reason as Error)
    const watch = setInterval(() => {
      const now = performance.now()
      if (now - began > limits.timeout)
        fail(new ModelError('endless', 'The local model did not end in time.'))
      else if (now - lastSign > limits.silence) fail(died('it gives no sign of life'))
    }, 250)
    signal.addEventListener('abort', cancel, { once: true })
    child.on('error', (error) => fail(died(error.message)))
    child.on('exit', (code, killed) => fail(died(`its process ended (${killed ?? code})`)))
    child.on('message', (message: LocalMessage) => {
      lastSign = performance.now()
      if (message.type === 'text') {
        text += message.text
        onText(message.text)
      } else if (message.type === 'end') end(() => resolve({ text, usage: message.usage }))
      else if (message.type === 'error') fail(died(message.message))
      else if (message.memory > limits.maxMemory) {
        fail(
          new ModelError(
            'local-model',
            `The local model takes more than ${limits.maxMemory / 1024 ** 2} MiB of memory.`,
          ),
        )
      }
    })
    send(child, request, fail)
  })
}

function send(child: ChildProcess, request: LocalRequest, fail: (error: Error) => void): void {
  child.send(request, (error) => {
    if (error !== null) fail(died(error.message))
  })
}

function died(reason: string): ModelError {
  return new ModelError('local-model', `The local model does not run: ${reason}.`)
}
