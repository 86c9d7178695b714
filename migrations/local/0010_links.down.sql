alter table document drop column kind_why;
alter table document drop column kind_confidence;
alter table document drop column kind_by;
drop table feedback;
drop table document_link;
