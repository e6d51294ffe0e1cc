/** Texts of the page of accounts. */
export const accountsMessages = {
  accountEntry: {
    removePasskeysAndIdentity: (name: string) =>
      `Remove the passkeys and identity providers of ${name} and end all sessions? The password stays.`,
    closeAccount: (name: string) =>
      `Close the account of ${name} for ever? Its sessions, tokens and roles end, and its name and address are erased.`,
    since: (time: string) => `since ${time}`,
    removeLostDevices: (name: string) => `Remove lost devices of ${name}`,
    lostDevice: 'Lost device',
    closeAccountOf: (name: string) => `Close the account of ${name}`,
    close: 'Close',
  },
  accounts: {
    accounts: 'Accounts',
    loading: 'Loading…',
    everybodyWithAccount: 'Everybody with an account',
    newestFirstOwnersInvite: 'Newest first. Owners invite members in the settings of their site.',
    administrators: 'Administrators',
    administratorMayDoEverything: 'An administrator may do everything in every site, and on this server.',
  },
  administratorForm: {
    inviteAdministrator: 'Invite an administrator',
    inviteByEMail: 'Invite by e-mail address',
    invite: 'Invite',
    linkFor: (email: string) => `The link for ${email}`,
    sendIt: 'Send it to this person. It works once, within a week, and it is not shown again.',
  },
} as const
