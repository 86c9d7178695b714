drop table laptop_policy;
