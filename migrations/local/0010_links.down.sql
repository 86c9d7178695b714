alter table document drop column kind_why;
alter table document drop column kind_confidence;
alter table document drop column kind_by;
delete from job where kind in ('link-document', 'extract-document');
drop table feedback;
drop table document_link;
