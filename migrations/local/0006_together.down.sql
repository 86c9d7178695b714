alter table sync_state drop column audit_chain;
drop table audit_event;
drop table audit_anchor;
alter table outbox drop column firm_revision;
drop table acknowledged;
alter table sync_state drop column shapes;
drop table parked;
