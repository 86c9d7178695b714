-- Comments and suggestions in a letter travel to laptops. A suggestion is an edit that nobody has made yet: accepted or rejected, and by whom, is kept with it.
set local role steno_owner;

-- suggestions of before were resolved, which said nothing of what became of them; no trigger need see that they are open again
alter table steno.collaboration disable trigger user;
reset role; -- the owner sees no rows without a session
update steno.collaboration set is_resolved = false, resolved_by = null, resolved_at = null where change_type = 'Suggestion' and is_resolved;
set local role steno_owner;
alter table steno.collaboration enable trigger user;
alter table steno.collaboration
  add column outcome text check (outcome in ('accepted', 'rejected')),
  -- a suggestion is decided, not resolved; a comment is resolved, and has nothing to accept
  add constraint collaboration_decided_check check ((outcome is not null) = (is_resolved and change_type = 'Suggestion')),
  -- every laptop holds what one of them sends
  add constraint collaboration_change_data_size_check check (octet_length(change_data::text) <= 1000000 and not jsonb_path_exists(change_data, '$.**{20}')) not valid,
  add constraint collaboration_position_size_check check (octet_length(position::text) <= 20000 and not jsonb_path_exists(position, '$.**{20}')) not valid;

-- As 0009 has it; and a suggestion that was decided is not opened again: its words may be in the letter by then. Of two decisions made apart a person keeps one.
create or replace function steno.check_collaboration() returns trigger language plpgsql set search_path = steno, pg_temp as $$
declare me uuid := auth.current_user_id();
begin
  if tg_op = 'INSERT' then
    new.user_id := coalesce(me, new.user_id);
    if new.is_resolved then raise exception 'status_transition' using errcode = 'SN001'; end if;
    -- a finalized letter can be talked about, but nothing can be proposed for it
    if new.change_type <> 'Comment' and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status not in ('Draft', 'In_Review')) then
      raise exception 'letter_finalized' using errcode = 'SN001';
    end if;
    return new;
  end if;
  if (new.letter_id, new.parent_id, new.change_type, new.position) is distinct from (old.letter_id, old.parent_id, old.change_type, old.position)
     -- what was suggested stays what was suggested: somebody may have accepted it
     or (old.change_type <> 'Comment' and new.change_data <> old.change_data) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if new.change_data <> old.change_data then
    if me is not null and me is distinct from old.user_id then raise exception 'not_author' using errcode = 'SN001'; end if;
    if old.is_resolved then raise exception 'thread_resolved' using errcode = 'SN001'; end if;
  end if;
  if old.outcome is not null and not new.is_resolved then
    raise exception 'suggestion_decided' using errcode = 'SN001';
  end if;
  if (new.is_resolved, new.outcome) is distinct from (old.is_resolved, old.outcome) then
    if new.outcome = 'accepted' and exists (select from steno.demand_letter l where l.firm_id = new.firm_id and l.letter_id = new.letter_id and l.status not in ('Draft', 'In_Review')) then
      raise exception 'letter_finalized' using errcode = 'SN001';
    end if;
    new.resolved_by := case when new.is_resolved then me end;
    new.resolved_at := case when new.is_resolved then now() end;
  end if;
  return new;
end
$$;

create constraint trigger collaboration_feed after insert or update on steno.collaboration deferrable initially deferred for each row
  when (coalesce(current_setting('steno.in_push', true), '') <> 'on') execute function steno.feed_direct_change('collaboration', 'collaboration_id');
create trigger collaboration_feed_delete after delete on steno.collaboration referencing old table as gone_rows for each statement
  execute function auth.announce_gone('collaboration', 'collaboration_id');
update steno.entity set travels = true where entity = 'collaboration';
-- who changed her own words on two laptops wrote the later ones later
update steno.entity_field set policy = 'last' where (entity, field) = ('collaboration', 'change_data');
update steno.entity_field set merge_group = 'resolution' where (entity, field) = ('collaboration', 'is_resolved');
insert into steno.entity_field (entity, field, policy, merge_group) values ('collaboration', 'outcome', 'conflict', 'resolution');
reset role;
