set local role steno_owner;
drop function app.hand_back(text, jsonb), app.anchor(text, bigint, text, uuid[], jsonb);
drop table steno.laptop_audit_head;
set local role steno_audit;
drop function steno.audit_goes_through(bigint, bytea);
reset role;
