// Preloaded into a server's process by tests that measure what it holds: SIGUSR2 collects garbage, then says so.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  process.stderr.write('garbage collected\n')
})
