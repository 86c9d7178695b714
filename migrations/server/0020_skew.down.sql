set local role steno_owner;
drop function app.understands(text);
reset role;
drop table public.steno_client;
