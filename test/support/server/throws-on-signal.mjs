// Preloaded into a server's process by tests: SIGUSR2 throws where nothing catches it, SIGURG rejects where nothing handles it.
process.on('SIGUSR2', () => {
  throw new Error('thrown by a test')
})
process.on('SIGURG', () => {
  Promise.withResolvers().reject(new Error('rejected by a test'))
})
