/** Texts of the page of seeds. */
export const seedsMessages = {
  givenTable: {
    table: (title: string) => `${title}, table`,
    bytes: 'Bytes',
    countryOfSeed: 'Country of the seed',
    days: 'Days',
  },
  grantSeed: {
    letSeedServe: "Let a seed serve this site's posts",
    noFurtherSeed: 'No further seed of another site is offered at the moment.',
    itStoresPublicPosts:
      "It stores public posts alone, and deletes what is withdrawn. Readers verify every byte with this site's key. The grant ends after 90 days.",
    seed: 'Seed',
    storedAtMostGb: 'Stored at most, GB',
    sentDayAtMost: 'Sent a day at most, GB',
    grant: 'Grant',
  },
  grants: {
    seedsThatMayServe: "Seeds that may serve this site's posts",
    grants: 'Grants',
    seedOf: 'Seed of',
    country: 'Country',
    storesAtMost: 'Stores at most',
    sendsDayAtMost: 'Sends a day at most',
    until: 'Until',
    change: 'Change',
    ownerWhoHasLeft: 'an owner who has left',
    takeBack: 'Take back',
  },
  ownSeeds: {
    ownSeeds: 'Own seeds',
    key: 'Key',
    offers: 'Offers',
    storedDay: (bytes: string, bytes2: string, country: string) =>
      `${bytes} stored, ${bytes2} a day, in ${country}`,
    lastSeen: 'Last seen',
    ended: 'Ended',
    proofShows:
      'A proof shows that it sent wrong bytes: check its disk, and start another seed with a new folder.',
    itsOwnerTookOffer: 'Its owner took the offer back.',
    machineThatIsAlways: "A machine that is always on serves other sites' posts with",
    andEarnsThisSite: ', and earns this site credit.',
  },
  seeds: {
    loading: 'Loading…',
    whatThisSiteGets: 'What this site gets',
    noSeedOfAnother: "No seed of another site has given this site's readers anything in the last 30 days.",
    givenBy: 'Given by',
    whatThisSiteGives: 'What this site gives',
    thisSitesSeedsHave: "This site's seeds have given nothing to other sites in the last 30 days.",
    givenTo: 'Given to',
    bytesThatReadersSigned: (bytes: string) =>
      `Bytes that readers signed for. Credit: ${bytes}, without today's bytes. It is halved for every 30 days, and decides whose posts are placed first when space is short.`,
  },
} as const
