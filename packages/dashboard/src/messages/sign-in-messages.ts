/** Texts of the page that signs in. */
export const signInMessages = {
  signIn: {
    signIn: 'Sign in',
    nobodyHasAccountYet:
      'Nobody has an account yet. Open the link that the server printed when it started, or',
    createFirstAccount: 'create the first account with the operator token',
    useEMailAddress: 'Use an e-mail address and password',
    useOperatorToken: 'Use the operator token',
    eMailAddress: 'E-mail address',
    password: 'Password',
    signInWithPasskey: 'Sign in with a passkey',
    signInWith: (provider: string) => `Sign in with ${provider}`,
    operatorToken: 'Operator token',
    itIsInFile: 'It is in the file',
    ofServersDataFolder: 'of the server’s data folder. It stays in this tab until you close it.',
    showReports: 'Show reports',
    serverDidNotAccept: 'The server did not accept this token. Copy all 64 characters of it.',
  },
} as const
