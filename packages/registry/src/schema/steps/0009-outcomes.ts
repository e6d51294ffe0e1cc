// What was published stays while later runs fail: both are in one receipt.
export const outcomes = `
create table peerpress.outcome (
  site text not null references peerpress.site (id) on delete cascade,
  post text not null,
  result text not null,
  version integer,
  assets integer,
  left_out jsonb,
  code text,
  message text,
  at timestamptz not null,
  primary key (site, post)
);`
