set local role steno_owner;
drop function app.join_letter_updates(text, uuid, uuid[], uuid, bytea);
drop table steno.letter_update_archive;
reset role;
