drop table verdict_log; drop table proposal;
