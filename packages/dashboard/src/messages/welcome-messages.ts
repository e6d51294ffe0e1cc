/** Texts of the page of an invitation. */
export const welcomeMessages = {
  welcome: {
    welcomeToPeerpress: 'Welcome to PeerPress',
    loading: 'Loading…',
    thisAddressLacksCode:
      'This address lacks the code of the link. Copy the whole link that you were sent, or that the server printed when it started. If you used it already,',
    signIn: 'sign in',
    youAreSigned: (email: string) =>
      `You are signed in as ${email}. If the link is an invitation of this address, accept it here.`,
    acceptAs: (email: string) => `Accept as ${email}`,
    thisCreatesFirstAdministrator:
      'This creates the first administrator of this server, who can then invite others.',
    linkCreatesAccount:
      'The link creates an account, or adds to the account that you have: then give its password.',
    operatorToken: 'Operator token',
    itIsInFile: 'It is in the file',
    ofServersDataFolder:
      'of the server’s data folder. The link that the server printed when it started needs none.',
    yourName: 'Your name',
    notNeededIfYou: 'Not needed if you have an account.',
    eMailAddress: 'E-mail address',
    password: 'Password',
    atLeastCharactersFew:
      'At least 12 characters. A few random words are easy to remember and hard to guess.',
    createAccount: 'Create the account',
    continue: 'Continue',
  },
} as const
