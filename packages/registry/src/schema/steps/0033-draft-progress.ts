// How far a draft is, beyond what its model has sent: a stream of its progress reads it, on whichever server it is written.
export const draftProgress = `
alter table peerpress.draft add column progress_expected integer check (progress_expected > 0);
alter table peerpress.draft add column progress_claim text;
alter table peerpress.draft add column progress_gates integer not null default 0;
create index model_call_of_draft on peerpress.model_call (draft);`
