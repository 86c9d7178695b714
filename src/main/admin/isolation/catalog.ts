import type pg from 'pg';

/** What the catalog alone gives away: each query lists what should not be, named for a person. */
const questions: { what: string; sql: string }[] = [
  {
    what: 'a policy depends on a variable that clients can set',
    sql: `select format('%I.%I, policy %I', schemaname, tablename, policyname) as found from pg_policies
      where schemaname in ('steno', 'auth') and concat(qual, with_check) ~ 'current_setting'`,
  },
  {
    what: 'a table without row security, or not forced on its owner',
    sql: `select c.oid::regclass::text as found from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
      where c.relnamespace = 'steno'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)`,
  },
  {
    what: 'a view that reads with its owner’s rights instead of the caller’s',
    sql: `select oid::regclass::text as found from pg_class where relnamespace = 'steno'::regnamespace and relkind = 'v'
      and not coalesce(reloptions @> array['security_invoker=true'] or reloptions @> array['security_invoker=on'], false)`,
  },
  {
    what: 'a unique key that does not begin with the firm: "taken" would tell of another firm’s row',
    sql: `select i.indexrelid::regclass::text as found from pg_index i join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
      where c.relnamespace = 'steno'::regnamespace and c.relname <> 'firm' and i.indisunique and i.indkey[0] <> a.attnum`,
  },
  {
    what: 'a foreign key that does not carry the firm: it would find another firm’s row',
    sql: `select format('%s on %s', k.conname, k.conrelid::regclass) as found from pg_constraint k
      join pg_attribute a on a.attrelid = k.conrelid and a.attname = 'firm_id' join pg_attribute f on f.attrelid = k.confrelid and f.attname = 'firm_id'
      where k.contype = 'f' and k.connamespace = 'steno'::regnamespace and not a.attnum = any (k.conkey)`,
  },
  {
    what: 'a right beyond reading, on a table',
    sql: `select distinct format('%I.%I: %s to %s', table_schema, table_name, privilege_type, grantee) as found from information_schema.role_table_grants
      where table_schema in ('steno', 'auth', 'app', 'public') and grantee in ('steno_client', 'PUBLIC') and privilege_type <> 'SELECT'`,
  },
  {
    what: 'a table of passwords or sessions that laptops may read',
    sql: `select format('%I.%I', table_schema, table_name) as found from information_schema.role_table_grants where table_schema = 'auth' and grantee in ('steno_client', 'PUBLIC')`,
  },
  {
    // one that runs with the caller's own rights gives nothing that the caller has not
    what: 'a function with its owner’s rights, beyond the doors, that laptops may call',
    sql: `select p.oid::regprocedure::text as found from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('steno', 'auth') and has_function_privilege('steno_client', p.oid, 'execute') and (p.prosecdef or n.nspname = 'auth')
        and not (n.nspname = 'auth' and p.proname in ('current_session', 'current_firm_id', 'current_user_id', 'current_device_id', 'current_role', 'firm_for', 'may', 'my_rooms', 'room_companions', 'history_from'))`,
  },
  {
    what: 'a function with its owner’s rights whose search_path is not pinned, pg_temp last',
    sql: `select p.oid::regprocedure::text as found from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('steno', 'auth', 'app') and p.prosecdef
        and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp$')`,
  },
  {
    what: 'a power of the laptops’ login',
    sql: `select unnest(array_remove(array[case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypasses row security' end,
        case when rolcreaterole then 'makes roles' end, case when rolcreatedb then 'makes databases' end, case when rolreplication then 'replicates' end], null)) as found
      from pg_roles where rolname = 'steno_client'`,
  },
  {
    what: 'a role that the laptops’ login belongs to',
    sql: `select r.rolname::text as found from pg_auth_members m join pg_roles r on r.oid = m.roleid where m.member = 'steno_client'::regrole`,
  },
  {
    what: 'an object that the laptops’ login owns',
    sql: `select classid::regclass || ' ' || objid as found from pg_shdepend where refobjid = 'steno_client'::regrole and deptype = 'o'
      and dbid in (0, (select oid from pg_database where datname = current_database()))`,
  },
  {
    what: 'a schema in which the laptops’ login may make things',
    sql: `select nspname::text as found from pg_namespace where has_schema_privilege('steno_client', oid, 'create') and nspname !~ '^pg_(toast_)?temp'`,
  },
  {
    what: 'an owner of tables that can log in or passes row security',
    sql: `select rolname::text as found from pg_roles where rolname in ('steno_owner', 'steno_auth', 'steno_audit') and (rolcanlogin or rolbypassrls or rolsuper)`,
  },
  {
    what: 'a statistic of a protected table that laptops may read',
    sql: `select distinct format('%I.%I', schemaname, tablename) as found from pg_stats where schemaname in ('steno', 'auth') and has_table_privilege('steno_client', 'pg_catalog.pg_statistic', 'select')`,
  },
];

/** What the catalog shows to be open; empty when all is closed. */
export async function readCatalog(admin: pg.Client): Promise<{ findings: { what: string; found: string }[]; asked: number }> {
  const findings: { what: string; found: string }[] = [];
  for (const { what, sql } of questions) {
    const { rows } = await admin.query<{ found: string }>(sql);
    for (const { found } of rows) findings.push({ what, found });
  }
  return { findings, asked: questions.length };
}
