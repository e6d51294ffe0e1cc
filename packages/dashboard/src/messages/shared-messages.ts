/** Texts of components that several pages have. */
export const sharedMessages = {
  copyButton: {
    copy: 'Copy',
    copyWhat: (what: string) => `Copy ${what}`,
    copied: 'Copied.',
    refused: 'The browser did not copy it: select the text instead.',
  },
  consentChoices: {
    askFirst: 'Ask first',
    readersBrowserConnects:
      'A reader’s browser connects to no other reader before the reader agreed on the site.',
    tellFirst: 'Tell first',
    smallNoticeInformsEach:
      'A small notice informs each reader and takes a no. From when it is visible, browsers exchange pictures and videos, and their IP addresses become known to each other.',
    assumeAgreement: 'Assume agreement',
    browsersExchangePictures:
      'Browsers exchange pictures and videos at once, and their IP addresses become known to each other. The site can offer an objection.',
    whatReadersAreAsked: 'What readers are asked',
  },
  fileField: {
    chooseFile: 'Choose a file.',
    isLargerThanKib: (name: string, floor: number) =>
      `${name} is larger than ${floor} KiB. Choose a smaller file.`,
    cannotBeReadChoose: (name: string) => `${name} cannot be read. Choose it again.`,
  },
  savedViews: {
    savedViews: 'Saved views',
    saveThisView: 'Save this view',
    saveThisViewAs: 'Save this view as',
    save: 'Save',
    removeNamed: (name: string) => `Remove ${name}`,
    remove: 'Remove',
  },
  signOut: {
    signIn: 'Sign in',
    operator: 'Operator',
    yourAccount: (value: string) => `${value}: your account`,
    signOut: 'Sign out',
  },
  waitingInvitations: {
    invitationsThatWait: 'Invitations that wait',
    administrator: 'Administrator',
    until: (label: string, time: string) => `${label}, until ${time}`,
    revokeInvitation: (email: string) => `Revoke the invitation of ${email}`,
    revoke: 'Revoke',
  },
} as const
