-- What the user could see when these rows were read, as the firm says it: a hash; null until the first copy is here. Another one means that rows have to come or go.
alter table sync_state add column view text;
