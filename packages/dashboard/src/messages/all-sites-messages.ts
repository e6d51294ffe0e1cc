/** Texts of the list of sites. */
export const allSitesMessages = {
  addSite: {
    title: 'Add a site',
    address: 'Address of the site',
    addressHint: 'Its home page, such as https://your-site.example.',
    chooseConsent: 'Choose what readers are asked.',
    network: 'Network',
    isPrivate: 'It is on this machine or in this network',
    isPrivateHint: 'Without it, the server fetches from public addresses alone.',
    add: 'Add the site',
  },
  allSites: {
    connectYourFirstSite: 'Connect your first site',
    allSites: 'All sites',
    sites: 'Sites',
    newerSites: 'Newer sites',
    olderSites: 'Older sites',
    site: 'Site',
    count: (count: number) => `${count} ${count === 1 ? 'site' : 'sites'}`,
    disconnected: 'disconnected',
  },
} as const
