drop table question;
alter table page drop column oddities;
