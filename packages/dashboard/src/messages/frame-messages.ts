/** Texts around the pages: banner, navigation, pages that do not exist, and the first site. */
export const frameMessages = {
  frame: {
    skip: 'Skip to the page',
    brand: 'PeerPress',
    home: 'PeerPress: all sites',
    navigation: 'Pages of this site',
    site: 'Site',
    notFound: 'Not found',
    notFoundWhy:
      'There is no such page or site here, or your account may not see it. Check the address, or choose one of ',
    yourSites: 'your sites',
    ownersOnly: (what: string) => `Only the owners of this site and administrators see and change ${what}.`,
  },
  noSites: {
    intro: 'There is no site yet. Either way below takes a minute.',
    wordpress: 'WordPress',
    install: 'Install and activate the PeerPress plugin.',
    enterBefore: 'Under Settings → PeerPress enter this server’s address, ',
    enterAfter: ', choose how readers consent, and press Connect.',
    approve:
      'Approve the connection here. Posts you publish from then on are delivered with the help of readers.',
    other: 'Any other site',
    snippet: 'Add it here. Its overview then has the snippet for its pages and the steps that follow.',
    askAdministrator: 'An administrator of this server adds it, and makes you a member.',
  },
} as const
