/** Texts of sign-in and requests. */
export const sessionMessages = {
  account: {
    serverDidNotAnswer: 'The server did not answer. Check that it is running and that you are online.',
    serverRefusedRequest: (status: number) => `The server refused the request (${status}).`,
  },
  passkeys: {
    thisDeviceHasPasskey: 'This device has a passkey of your account already.',
    passkeyWasNotUsed:
      'The passkey was not used: you cancelled, it took too long, or this device has none. Try again, or use another way.',
    thisBrowserGaveNo: 'This browser gave no passkey.',
  },
  provider: {
    signingInFailedStart: 'Signing in failed. Start again.',
    signingInTookMore: 'Signing in took more than ten minutes, or began in another browser. Start again.',
    thisServerHasNo: 'This server has no identity provider.',
    providerFailed:
      'The identity provider did not answer as it should. Try again. If it stays so, the server’s log has the reason.',
    providerRefused: 'The identity provider did not sign you in. Start again, and agree there.',
    addressUnconfirmed:
      'The identity provider did not confirm your e-mail address. Have it verified there, or sign in with your password and link the provider on the page of your account.',
    nobodyHasAccount:
      'Nobody has an account or an invitation here with your address at the identity provider. Ask an owner of the site to invite it.',
    youAreLinked: 'You are linked to another account here. Sign in to that one, and unlink it there.',
    tooManyAttemptsCame: 'Too many attempts came from your network. Try again in a few minutes.',
  },
  queryGraph: {
    signInToSee: 'Sign in to see this.',
    serverWasUpdatedLoad: 'The server was updated. Load this page again.',
    serverGaveEmptyAnswer: 'The server gave an empty answer.',
    serverDidNotAnswer: 'The server did not answer.',
  },
} as const
