set local role steno_owner;
drop function app.presence_set(text, uuid, text, text), app.presence_of(text, uuid), app.presence_clear(text, uuid), app.feed_head(text);
drop function steno.presence_view(auth.session, uuid, integer), steno.notify_presence(auth.session, uuid), steno.may_read_letter(uuid);
drop table steno.letter_presence;
reset role;
