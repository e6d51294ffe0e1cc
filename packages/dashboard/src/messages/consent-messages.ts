/** Texts of the page to which Google sends a person back. */
export const consentMessages = {
  consent: {
    googleSearchConsole: 'Google Search Console',
    connecting: 'Connecting…',
    thisAddressLacksWhat: 'This address lacks what Google adds to it.',
    googleWasGivenNo: 'Google was given no consent.',
    nothingWasConnected: 'Nothing was connected.',
    chooseSite: 'Choose the site',
    andBeginAgain: ', and begin again in its settings.',
  },
} as const
