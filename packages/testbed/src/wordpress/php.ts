import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { TestbedError } from '../testbed-error.ts'

/** Runs `script` after wp-load.php of `directory` and resolves to its output. */
export function runPhp(directory: string, script: string, input?: unknown): Promise<string> {
  const prelude = `<?php
define('DISABLE_WP_CRON', true);
require getenv('PEERPRESS_DIRECTORY') . '/wp-load.php';
$input = json_decode(getenv('PEERPRESS_INPUT'), true);
`
  return run([], prelude + script.replace(/^\s*<\?php/, ''), {
    PEERPRESS_DIRECTORY: directory,
    PEERPRESS_INPUT: JSON.stringify(input ?? null),
  })
}

/** Runs a PHP file with arguments and resolves to its output. */
export function runPhpFile(file: string, args: readonly string[]): Promise<string> {
  return run([file, ...args], '', {})
}

const settings = ['display_errors=stderr', 'log_errors=0', 'memory_limit=512M']

async function run(args: readonly string[], stdin: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('php', [...settings.flatMap((setting) => ['-d', setting]), ...args], {
    env: { ...process.env, ...env },
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
  child.stdin.end(stdin)
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `PHP ended with ${code ?? signal}`))
  })
  const [output, errors, failure] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (failure !== '') throw new TestbedError('php-failed', `${failure}\n${errors}${output}`)
  return output
}
