import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of a bench: a server under test or a client that loads it. */
export interface Child {
  /** Sends a question and resolves to the answer; rejects when the process ends instead. */
  ask<Answer>(question: object): Promise<Answer>
  /** Lets it end by itself. */
  end(): Promise<void>
}

const raiseOpenFiles = 'ulimit -n 65536 2>/dev/null'

/** Files and connections that a child may have open at once. */
export function openFilesOfChild(): number {
  const limit = execFileSync('sh', ['-c', `${raiseOpenFiles}; ulimit -n`], { encoding: 'utf8' }).trim()
  return limit === 'unlimited' ? Infinity : Number(limit)
}

/**
 * Starts a file of this package that answers by `answerQuestions`, with as many open files as the system allows.
 * `within` is a command that runs another one, as `ip netns exec NAME` does.
 */
export function startChild(
  file: URL,
  nodeOptions: readonly string[] = [],
  within: readonly string[] = [],
): Child {
  const node = [...within, process.execPath, ...nodeOptions, fileURLToPath(file)]
  // What a server says while it is measured is for people.
  const child = spawn('sh', ['-c', `${raiseOpenFiles}; exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const exited = once(child, 'exit')
  return {
    async ask<Answer>(question: object) {
      const answered = new AbortController()
      const answer = once(child, 'message', { signal: answered.signal })
      child.send(question)
      try {
        const [message] = (await Promise.race([answer, exited.then(throwEnded)])) as [Answer]
        return message
      } finally {
        answered.abort()
        answer.catch(() => undefined)
      }
    },
    async end() {
      if (child.connected) child.disconnect()
      await exited
    },
  }

  function throwEnded(): never {
    throw new Error(`${file.href} ended with ${child.exitCode ?? child.signalCode}`)
  }
}

/**
 * In the child: answers each question; when the parent is gone, `end` is called and the process ends. Ctrl-C, which
 * reaches both, is the parent's to act on.
 */
export function answerQuestions(
  answer: (question: never) => Promise<unknown>,
  end: () => Promise<void> = async () => {},
): void {
  process.on('message', (question) => {
    // The parent sees the end, and the bench fails.
    const fail = (error: unknown) => {
      console.error(error)
      process.exit(1)
    }
    answer(question as never)
      .then((value) => process.send?.(value))
      .catch(fail)
  })
  process.on('SIGINT', () => {})
  process.once('disconnect', () => {
    end()
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit())
  })
}
