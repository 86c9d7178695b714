-- A letter's body is one Yjs update for every pause in typing: thousands in a long letter, which every laptop carries and joins each time it opens it.
-- Updates of one author that lie some while back are joined into one by a laptop; what it stands for is kept here, word for word, and stays at the firm.
set local role steno_owner;
create table steno.letter_update_archive (
  firm_id uuid not null references steno.firm on delete cascade,
  update_id uuid not null,
  letter_id uuid not null,
  payload bytea not null,
  created_by uuid,
  created_at timestamptz not null,
  replaced_by uuid not null,
  archived_at timestamptz not null default now(),
  primary key (firm_id, update_id),
  foreign key (firm_id, letter_id) references steno.demand_letter on delete cascade
);
comment on table steno.letter_update_archive is 'What a joined update of a letter stands for, as it was written; for its history, and for repair';
create index letter_update_archive_letter_idx on steno.letter_update_archive (firm_id, letter_id);
create index letter_update_archive_joined_idx on steno.letter_update_archive (firm_id, replaced_by);
call steno.protect('letter_update_archive', 'letter:draft:read', 'letter:draft:write');
call steno.keep_audit('steno.letter_update_archive', '{update_id}', '{payload}');
create trigger letter_update_archive_frozen before update on steno.letter_update_archive for each row execute function steno.refuse_change();
create trigger letter_update_archive_held before delete on steno.letter_update_archive for each row execute function steno.refuse_held('letter_id');

/*
 * Puts one update in the place of several of the caller's own, in a letter that is open. The server cannot read Yjs: that the joined one says what they said, and no more, is
 * the caller's word. So it can only be about her own words, while she may still write any: under her name, never another's, and never in a letter that was finalized (SN001
 * letter_finalized). Every other laptop looks that nothing is missing when it takes it (and sends again what is), and the archive keeps what it was.
 * False where they are no longer all there (another laptop was first) or not all hers and of this letter. A letter of a held matter stays as it is (SN001 legal_hold).
 */
create function app.join_letter_updates(token text, letter_id uuid, update_ids uuid[], joined_id uuid, payload bytea) returns boolean
language plpgsql volatile security definer set search_path = steno, pg_temp as $$
declare
  session auth.session;
  found_rows steno.letter_update[];
begin
  session := steno.enter(token, 'letter:draft:write');
  if cardinality(update_ids) not between 2 and 5000 or joined_id::text !~ '^.{14}[1-8].{4}[89ab]' then return false; end if;
  select array_agg(r) into found_rows from (
    select u.* from steno.letter_update u where u.firm_id = session.firm_id and u.letter_id = join_letter_updates.letter_id and u.update_id = any (update_ids)
    order by u.update_id for update) r;
  if found_rows is null or cardinality(found_rows) <> (select count(distinct i) from unnest(update_ids) i)
    or exists (select from unnest(found_rows) r where r.created_by is distinct from session.user_id)
    -- an id that was joined before and came again: the archive would hold two of it
    or exists (select from steno.letter_update_archive a where a.firm_id = session.firm_id and a.update_id = any (update_ids))
    or length(payload) not between 2 and (select sum(length(r.payload)) + 1000 from unnest(found_rows) r) then
    return false;
  end if;
  insert into steno.letter_update_archive (firm_id, update_id, letter_id, payload, created_by, created_at, replaced_by)
  select r.firm_id, r.update_id, r.letter_id, r.payload, r.created_by, r.created_at, joined_id from unnest(found_rows) r;
  -- the joined one is in the feed before the others go, so that no laptop is without the text between two pages
  perform set_config('steno.in_push', 'on', true);
  insert into steno.letter_update (firm_id, update_id, letter_id, payload, created_by, updated_by, created_at)
  values (session.firm_id, joined_id, join_letter_updates.letter_id, join_letter_updates.payload, session.user_id, session.user_id,
    (select min(r.created_at) from unnest(found_rows) r));
  perform steno.append_to_feed(session.firm_id, array['letter_update'], array[joined_id]);
  delete from steno.letter_update u where u.firm_id = session.firm_id and u.update_id = any (update_ids);
  return true;
end
$$;
revoke execute on function app.join_letter_updates(text, uuid, uuid[], uuid, bytea) from public;
grant execute on function app.join_letter_updates(text, uuid, uuid[], uuid, bytea) to steno_client;
reset role;
