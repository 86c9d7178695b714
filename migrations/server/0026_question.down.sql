set local role steno_owner;
delete from steno.entity_field where entity = 'question' or (entity, field) = ('page', 'oddities');
delete from steno.entity where entity = 'question';
delete from steno.change_feed where entity = 'question';
drop table steno.question;
alter table steno.document_page drop column oddities;
reset role;
