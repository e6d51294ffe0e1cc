// The mode was in pages alone until then. Pages and scripts of that time state no policy when they request a ticket: they
// count as what is recorded at this step, or when the site is registered after it.
export const sitePolicies = `
alter table peerpress.site add column mode text not null default 'full'
  check (mode in ('off', 'seeds-only', 'full'));
alter table peerpress.site alter column mode drop default;
alter table peerpress.site add column unstated_mode text not null default 'full'
  check (unstated_mode in ('off', 'seeds-only', 'full'));
alter table peerpress.site alter column unstated_mode drop default;
alter table peerpress.site add column unstated_consent text
  check (unstated_consent in ('assumed', 'notice', 'required'));
update peerpress.site set unstated_consent = consent;
alter table peerpress.site alter column unstated_consent set not null;
alter table peerpress.site add column policy_sent_at timestamptz;
alter table peerpress.connection add column mode text check (mode in ('off', 'seeds-only', 'full'));`
