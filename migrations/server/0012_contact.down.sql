drop function app.search_contacts(text, text, integer), auth.search_contacts(text, integer);
drop table steno.upload, steno.contact, steno.department, steno.production;
drop function steno.check_upload();
delete from steno.conflict where entity in ('production', 'department', 'contact');
delete from steno.entity_field where entity in ('production', 'department', 'contact', 'upload');
delete from steno.entity where entity in ('production', 'department', 'contact', 'upload');
-- The extension goes where it came with us and nothing else leans on it: one that was there before is somebody else's.
do $$
begin
  if exists (select from pg_extension where extname = 'pg_trgm' and obj_description(oid, 'pg_extension') = 'made by Steno''s migration 0012') then drop extension pg_trgm; end if;
exception when dependent_objects_still_exist then null;
end
$$;
