set local role steno_owner;
drop function app.join_letter_updates(text, uuid, uuid[], uuid, bytea);
create or replace function steno.check_letter_open() returns trigger language plpgsql set search_path = steno, pg_temp as $$
begin
  -- the row lock makes an edit and a finalize of the same letter wait for each other
  perform 1 from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status in ('Draft', 'In_Review') for share;
  -- a letter that is not there at all is the foreign key's to refuse
  if not found and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id) then
    raise exception 'letter_finalized' using errcode = 'SN001';
  end if;
  return new;
end
$$;
drop table steno.letter_update_archive;
reset role;
