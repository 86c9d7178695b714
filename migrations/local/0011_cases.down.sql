alter table case_folder drop column identity;
drop table cases_subfolder; drop table cases_folder;
