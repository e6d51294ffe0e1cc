// A model belongs to one site. Its key is sealed with a secret of another table. A call is recorded with its maximum before
// it is made, so that a crash leaves the maximum on the budget.
export const drafts = `
create table peerpress.model (
  site text primary key references peerpress.site (id) on delete cascade,
  kind text not null,
  base_url text,
  name text not null,
  sealed_key bytea,
  allow_private_addresses boolean not null,
  input_price bigint,
  output_price bigint,
  currency text,
  budget bigint not null,
  max_output_tokens integer not null,
  changed_at timestamptz not null
);
create table peerpress.draft (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  brief text not null,
  language text not null,
  region text,
  status text not null,
  content jsonb,
  refusals jsonb not null default '[]',
  progress_characters integer not null default 0,
  progress_sections integer not null default 0,
  error text,
  requested_by text,
  approved_by text,
  approved_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index draft_of_site on peerpress.draft (site, created_at desc, id);
create table peerpress.model_call (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  draft text not null references peerpress.draft (id) on delete cascade,
  month text not null,
  max_tokens bigint not null,
  max_cost bigint not null,
  input_price bigint,
  output_price bigint,
  tokens bigint,
  cost bigint,
  reserved_at timestamptz not null,
  settled_at timestamptz
);
create index model_call_of_month on peerpress.model_call (site, month);`
