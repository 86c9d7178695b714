alter table fact drop column prompt_version;
alter table fact drop column model;
drop table assistant_call;
drop table assistant_policy;
