drop table collaboration;
