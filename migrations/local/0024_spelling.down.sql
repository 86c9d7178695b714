drop table spelling_setting; drop table spelling_word;
