alter table sync_state drop column view;
