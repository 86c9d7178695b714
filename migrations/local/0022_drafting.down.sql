drop index assistant_call_refinement_idx;
alter table assistant_call drop column refinement_id;
drop table ai_refinement;
