// Weighing a vote reads the voters of each post that its member site voted on: from indexes that hold all of it, because the
// rows of one post's voters are in as many pages of the table.
export const voters = `
create index standing_vote_voters on peerpress.standing_vote (submission, value, member);
create index standing_vote_given on peerpress.standing_vote (member, value, submission);
drop index peerpress.standing_vote_member;`
