drop index letter_template_idx;
drop table template_draft;
drop table template_version;
