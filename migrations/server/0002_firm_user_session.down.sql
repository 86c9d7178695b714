drop policy firm_isolation on steno.firm;
drop policy user_isolation on steno."user";
drop function auth.sign_in(text, text, text, uuid, text), auth.sign_out(text), auth.set_password(uuid, uuid, text);
drop function auth.current_role(), auth.current_device_id(), auth.current_user_id(), auth.current_firm_id(), auth.current_session();
drop table auth.session, auth.credential;
revoke usage on schema auth from steno_owner, steno_client;
drop table steno."user", steno.firm;
drop function steno.set_updated_at();
