set local role steno_owner;
delete from steno.entity_field where (entity, field) in (('fact', 'read_value'), ('bill_line', 'read_values'));
drop trigger fact_read_value on steno.fact;
drop trigger bill_line_read_values on steno.bill_line;
drop function steno.keep_read_value();
alter table steno.fact drop column read_value;
alter table steno.bill_line drop column read_values;
reset role;
