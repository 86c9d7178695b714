-- the owner sees no rows without a session
delete from steno.proposal where entity in ('template_version', 'template_draft');
delete from steno.conflict where entity in ('template_version', 'template_draft');
delete from steno.change_feed where entity in ('template_version', 'template_draft');
set local role steno_owner;
alter table steno.demand_letter drop constraint demand_letter_metadata_size_check;
alter table steno.template drop constraint template_template_content_size_check;
update steno.entity set in_sets = true where entity = 'template';
update steno.entity_field set in_sets = true where entity = 'template' and field in ('template_description', 'template_content', 'version');
update steno.entity_field set policy = 'conflict' where entity = 'template' and field = 'template_content';
delete from steno.entity_field where entity in ('template_version', 'template_draft');
delete from steno.entity where entity in ('template_version', 'template_draft');
drop trigger template_settled on steno.template;
drop function steno.settle_template();
drop table steno.template_draft, steno.template_version;
drop function steno.check_template_draft(), steno.keep_template_version(), steno.number_template_version();
reset role;
