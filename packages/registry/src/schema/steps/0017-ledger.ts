// The community's ledger. `at` is in ms since the Unix epoch, so that the chained value is exact. Rows are only added. A
// foreign text can be erased, because the chain has its salted hash. Standing follows
// from the ledger and can be recomputed from it: times are in ms, weights in millionths, so that sums are exact in any order.
export const ledger = `
create table peerpress.ledger (
  seq bigint primary key,
  at bigint not null,
  kind text not null,
  member text,
  body jsonb not null,
  mac text not null
);
create index ledger_kind on peerpress.ledger (kind, seq);
create index ledger_member on peerpress.ledger (member, kind, seq);
create table peerpress.ledger_text (
  hash text primary key,
  salt text,
  content text,
  erased_at timestamptz
);
create function peerpress.refuse_ledger_change() returns trigger language plpgsql as
$$ begin raise exception 'rows of the ledger are only added'; end $$;
create trigger ledger_is_append_only before update or delete on peerpress.ledger
for each row execute function peerpress.refuse_ledger_change();
create trigger ledger_is_not_truncated before truncate on peerpress.ledger
for each statement execute function peerpress.refuse_ledger_change();
create table peerpress.standing_head (
  id integer primary key check (id = 1),
  seq bigint not null,
  began_at bigint,
  mean double precision not null
);
create table peerpress.standing_member (
  member text primary key,
  site text,
  since bigint,
  proven_at bigint,
  has_left boolean not null,
  is_banned boolean not null,
  up_norm bigint not null default 0,
  down_norm bigint not null default 0
);
create index standing_member_site on peerpress.standing_member (site);
create table peerpress.standing_fact (
  fact text not null,
  member text not null,
  primary key (fact, member)
);
create index standing_fact_member on peerpress.standing_fact (member, fact);
create table peerpress.standing_post (
  submission text primary key,
  seq bigint not null,
  member text not null,
  site text not null,
  post text not null,
  url text not null,
  language text,
  region text,
  topics jsonb not null,
  title text not null,
  summary text,
  picture text,
  submitted_at bigint not null,
  mean double precision not null,
  up bigint not null,
  down bigint not null,
  up_votes integer not null,
  down_votes integer not null,
  up_rarity integer not null,
  down_rarity integer not null,
  factor double precision not null,
  is_hidden boolean not null,
  is_visible boolean not null,
  hot double precision not null
);
create index standing_post_hot on peerpress.standing_post (hot, seq) where is_visible;
create index standing_post_new on peerpress.standing_post (seq) where is_visible;
create index standing_post_hot_language on peerpress.standing_post (language, hot, seq) where is_visible;
create index standing_post_new_language on peerpress.standing_post (language, seq) where is_visible;
create index standing_post_hot_region on peerpress.standing_post (region, hot, seq) where is_visible;
create index standing_post_new_region on peerpress.standing_post (region, seq) where is_visible;
create index standing_post_member on peerpress.standing_post (member, seq);
create index standing_post_site on peerpress.standing_post (site, post);
create table peerpress.standing_vote (
  submission text not null,
  member text not null,
  value smallint not null,
  weight integer not null,
  seq bigint not null,
  reason text,
  primary key (submission, member)
);
create index standing_vote_member on peerpress.standing_vote (member, value);`
