-- Older and newer laptops side by side (S7): which apps this database serves, and what it understands.
create table public.steno_client (
  only_row boolean primary key default true check (only_row),
  -- the serverSchemaVersion of the oldest app whose calls still mean what they meant; a migration that breaks one raises it
  oldest_app integer not null
);
comment on table public.steno_client is 'The oldest app this database serves; read by laptops before they sign in';
insert into public.steno_client (oldest_app) values (20);
grant select on public.steno_client to steno_client;

set local role steno_owner;
-- Every field that travels, by entity: an app that is newer than this database keeps back what is not in it.
create function app.understands(token text) returns jsonb language plpgsql volatile security definer set search_path = steno, pg_temp as $$
begin
  perform steno.enter(token, null);
  return (select jsonb_object_agg(f.entity, f.fields) from (select entity, jsonb_agg(field) as fields from steno.entity_field group by entity) f);
end
$$;
revoke execute on function app.understands(text) from public;
grant execute on function app.understands(text) to steno_client;
reset role;
