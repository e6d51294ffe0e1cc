import { CliError } from './cli-error.ts'

/** Ctrl-C or a supervisor's SIGTERM. A second one ends the process at once. */
export interface StopSignal {
  /** Resolves when the first one arrives. */
  readonly received: Promise<void>
  readonly isReceived: () => boolean
  /** Aborts when the first one arrives. */
  readonly signal: AbortSignal
}

/** Listens for these signals from now on. */
export function stopSignal(): StopSignal {
  let isReceived = false
  const controller = new AbortController()
  const received = new Promise<void>((resolve) => {
    const onSignal = () => {
      if (isReceived) process.exit(130)
      isReceived = true
      controller.abort()
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
  return { received, isReceived: () => isReceived, signal: controller.signal }
}

/** Returns a signal that aborts on Ctrl-C or SIGTERM, for a command that then removes what it made. */
export function abortOnStop(): AbortSignal {
  const controller = new AbortController()
  stopSignal()
    .received.then(() => controller.abort(new CliError('stopped', 'stopped: nothing of it is left')))
    // It never rejects.
    .catch(() => undefined)
  return controller.signal
}
