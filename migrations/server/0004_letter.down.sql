drop table steno.export, steno.letter_version, steno.letter_update, steno.demand_letter, steno.template;
drop function steno.check_letter_status(), steno.check_letter_birth(), steno.check_letter_open(), steno.refuse_change();
