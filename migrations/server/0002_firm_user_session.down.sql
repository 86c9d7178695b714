drop table auth.session cascade;
drop table auth.credential cascade;
drop function if exists auth.sign_in(text, text, text, uuid, text), auth.sign_out(text), auth.set_password(uuid, uuid, text);
drop function if exists auth.current_role(), auth.current_device_id(), auth.current_user_id(), auth.current_firm_id();
revoke usage on schema auth from steno_owner, steno_client;
drop table steno."user";
drop table steno.firm;
drop function steno.set_updated_at();
