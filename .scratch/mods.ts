import Database from 'better-sqlite3';
const db = new Database(':memory:');
console.log(db.prepare('select name from pragma_module_list').pluck().all().join(' '));
console.log(db.prepare('select distinct name from pragma_function_list order by 1').pluck().all().join(' '));
console.log(db.prepare('select sqlite_version() v').get(), db.prepare('select compile_options from pragma_compile_options').pluck().all().join(' '));
