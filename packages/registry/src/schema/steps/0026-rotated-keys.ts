// Pages in caches name the former key for weeks, and a CMS signs with its secret until it has the next one.
export const rotatedKeys = `
create table peerpress.former_signing_key (
  site text not null references peerpress.site (id) on delete cascade,
  public_key bytea not null,
  private_key bytea not null,
  rotated_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (site, public_key)
);
alter table peerpress.site add column next_webhook_secret text;`
