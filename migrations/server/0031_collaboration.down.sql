-- past the policies: nobody's session stands behind this
delete from steno.change_feed where entity = 'collaboration';
set local role steno_owner;
delete from steno.entity_field where (entity, field) = ('collaboration', 'outcome');
update steno.entity_field set merge_group = 'is_resolved' where (entity, field) = ('collaboration', 'is_resolved');
update steno.entity_field set policy = 'conflict' where (entity, field) = ('collaboration', 'change_data');
update steno.entity set travels = false where entity = 'collaboration';
drop trigger collaboration_feed on steno.collaboration;
drop trigger collaboration_feed_delete on steno.collaboration;
alter table steno.collaboration drop constraint collaboration_position_size_check, drop constraint collaboration_change_data_size_check,
  drop constraint collaboration_decided_check, drop column outcome;
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
     or (old.change_type = 'Edit' and new.change_data <> old.change_data) then
    raise exception 'append_only' using errcode = 'SN001';
  end if;
  if new.change_data <> old.change_data then
    if me is not null and me is distinct from old.user_id then raise exception 'not_author' using errcode = 'SN001'; end if;
    if old.is_resolved then raise exception 'thread_resolved' using errcode = 'SN001'; end if;
  end if;
  if new.is_resolved <> old.is_resolved then
    new.resolved_by := case when new.is_resolved then me end;
    new.resolved_at := case when new.is_resolved then now() end;
  end if;
  return new;
end
$$;
reset role;
