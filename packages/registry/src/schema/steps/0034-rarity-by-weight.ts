// A post's rarity follows from the weights of its votes instead of their number. The standing is computed from the ledger anew
// when the server starts: its tables are emptied here.
export const rarityByWeight = `
delete from peerpress.standing_head;
delete from peerpress.standing_member;
delete from peerpress.standing_fact;
delete from peerpress.standing_post;
delete from peerpress.standing_vote;
alter table peerpress.standing_post add column up_given bigint not null;
alter table peerpress.standing_post add column down_given bigint not null;`
