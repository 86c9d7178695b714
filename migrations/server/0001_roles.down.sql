drop schema auth cascade;
drop schema app cascade;
drop schema steno cascade;
drop extension citext;
drop extension pgcrypto;
alter default privileges for role steno_owner grant execute on functions to public;
alter default privileges for role steno_auth grant execute on functions to public;
revoke usage on schema public from steno_owner, steno_auth, steno_client;
grant usage on schema public to public;
-- Roles stay: other databases of the cluster may use them.
