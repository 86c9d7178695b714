-- What became of asking the assistant about documents: of a model's answer, what did not stand and why. It stays on this laptop, and goes with its document.
create table asked_document (
  document_id text not null primary key,
  matter_id text not null,
  waits integer not null check (waits in (0, 1)),
  is_open integer not null check (is_open in (0, 1)),
  asked text not null check (json_valid(asked)),
  answered_parts text not null check (json_valid(answered_parts)),
  asked_at integer not null
) strict;
create index asked_document_matter_idx on asked_document (matter_id, asked_at);
create index asked_document_open_idx on asked_document (is_open, waits);
create trigger asked_document_went after delete on document begin
  delete from asked_document where document_id = old.document_id;
end;
