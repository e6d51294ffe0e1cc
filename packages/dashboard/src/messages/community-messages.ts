/** Texts of the page of the community. */
export const communityMessages = {
  communityFeed: {
    hotPosts: 'Hot posts',
    asEverybodySeesThem: 'As everybody sees them on',
    publicPage: 'the public page',
    siteHasVotesDay: '. A site has 20 votes a day.',
    nothingWasSharedYet: 'Nothing was shared yet.',
    upDown: (name: string, up: string, down: string) => `${name}; ${up} up, ${down} down;`,
    whyIsThisHere: 'why is this here?',
    voteUpNamed: (title: string) => `Vote up: ${title}`,
    voteUp: 'Vote up',
    voteDownNamed: (title: string) => `Vote down: ${title}`,
    voteDown: 'Vote down',
    withdrawVote: (title: string) => `Withdraw the vote: ${title}`,
    withdraw: 'Withdraw',
    reasonWhichAuthorSees: 'Reason, which the author sees',
    send: 'Send',
    youVotedUp: 'You voted up.',
    youVotedDown: 'You voted down.',
    youHaveNoVote: 'You have no vote on it.',
  },
  community: {
    loading: 'Loading…',
  },
  membershipPanel: {
    whatThisSiteShared:
      'What this site shared leaves the feed with it, and a new membership begins anew. Leave?',
    membership: 'Membership',
    thisSiteIsNo: 'This site is no member yet. To join, the server asks',
    forProofPluginAnswers:
      'for a proof: the plugin answers it, or a signed file. Members share posts and vote.',
    joinCommunity: 'Join the community',
    proveAgain: 'Prove again',
    leave: 'Leave',
    operatorOfThisServer: 'The operator of this server banned this site from the community.',
    memberSite: 'Member site',
    inPunycodeBecause: ' (in punycode, because its letters could be mistaken for others)',
    onlyThisNameBelow: (domain: string) => `; only this name below ${domain} is proven`,
    looksLike: 'Looks like',
    memberSince: 'Member since',
    proven: 'Proven',
    by: (day: string) => `${day} by`,
    signedFile: 'a signed file',
    plugin: 'the plugin',
    validUntil: (day: string) => `; valid until ${day}`,
    weightOfItsVotes: 'Weight of its votes',
    votesCountFromDays: ': votes count from 14 days and 100 measured human views on',
    domainCould: (problem: string) => `The domain could not be proven again: ${problem}`,
    showSignedFile: 'Show the signed file',
    withoutPluginPublish: 'Without the plugin: publish this at',
    asJsonThenJoin: 'as JSON, then join.',
  },
  banPanel: {
    banned: 'Banned from the community',
    decidedOn: (day: string, reason: string) =>
      `Decided on ${day}: ${reason} The votes of this site count nothing, and its posts are hidden.`,
    appealedOn: (day: string, text: string) => `Appealed on ${day}: ${text} The operator decides.`,
    whyBanShouldEnd: 'Appeal: why the ban should end',
  },
  appealForm: {
    operatorReads: 'The operator reads it and decides again. You can appeal once against a decision.',
    appeal: 'Appeal',
  },
  ownPosts: {
    whatThisSiteShared: 'What this site shared',
    notShownAtMoment: 'Not shown at the moment. ',
    numbers: (of: {
      readonly up: string
      readonly down: string
      readonly weight: string
      readonly quality: string
      readonly performance: string
      readonly place: string
    }) =>
      `${of.up} up, ${of.down} down; U ${of.weight}, Q ${of.quality}, F ${of.performance}, place ${of.place}`,
  },
  reportPost: {
    reportedOperatorOfServer: 'Reported. The operator of the server decides.',
    report: 'Report',
    whatIsWrong: 'What is wrong',
    detailsForOperatorAlone: 'Details for the operator alone',
    sendReport: 'Send the report',
  },
  sharePost: {
    sharePost: 'Share a post',
    onlyPublishedPostsCan: 'Only published posts can be shared, and none is.',
    post: 'Post',
    feedShowsTitleSummary: 'The feed shows the title, summary and picture of its public page.',
    readingItsPage: 'Reading its page…',
    share: 'Share',
  },
  siteCases: {
    reportsAndDecisions: 'Reports and decisions',
    appealWhyPostShould: 'Appeal: why the post should be shown',
  },
} as const
