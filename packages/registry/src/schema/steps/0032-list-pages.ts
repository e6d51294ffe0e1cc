// The orders of lists that grow for years, so that a page is read without what comes before it.
export const listPages = `
create index incident_page on peerpress.incident (site, (resolved_at is null) desc, opened_at desc, id collate "C" desc);
create index audit_event_page on peerpress.audit_event (at desc, id collate "C" desc);
create index audit_event_site_page on peerpress.audit_event (site, at desc, id collate "C" desc);
drop index peerpress.audit_event_site;
create index evidence_page on peerpress.evidence (site, day desc, id collate "C" desc) where is_current;`
