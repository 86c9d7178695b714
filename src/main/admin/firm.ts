import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Role } from '../../shared/session.ts';
import { freshId, freshIdsInOrder } from '../host/ids.ts';

export interface NewFirm {
  name: string;
  slug: string;
  address?: string;
  contactEmail?: string;
  contactPhone?: string;
}
export interface NewUser {
  email: string;
  firstName: string;
  lastName: string;
  role: Role;
  password: string;
}
export interface FirmTemplate {
  name: string;
  description?: string;
  category: string;
  isDefault: boolean;
  content: unknown;
}

/** Makes a firm with its templates. Errors: conflict (the slug is taken), invalid_input. */
export async function createFirm(admin: pg.Client, firm: NewFirm, templates: FirmTemplate[]): Promise<Outcome<{ firmId: string }>> {
  const firmId = freshId();
  await admin.query('begin');
  try {
    await admin.query(
      'insert into steno.firm (firm_id, firm_name, firm_slug, firm_address, contact_email, contact_phone) values ($1, $2, $3, $4, $5, $6)',
      [firmId, firm.name, firm.slug, firm.address ?? null, firm.contactEmail ?? null, firm.contactPhone ?? null],
    );
    const templateIds = freshIdsInOrder(templates.length);
    for (const [index, template] of templates.entries()) {
      await admin.query(
        'insert into steno.template (firm_id, template_id, template_name, template_description, template_content, category, is_default) values ($1, $2, $3, $4, $5, $6, $7)',
        [
          firmId,
          templateIds[index],
          template.name,
          template.description ?? null,
          JSON.stringify(template.content),
          template.category,
          template.isDefault,
        ],
      );
    }
    await admin.query('commit');
    return ok({ firmId });
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    return refused(error, `a firm with the name "${firm.slug}" for sign-in`);
  }
}

/** Adds a person to a firm, with a password that is stored as bcrypt (12 rounds) only. Errors: not_found (firm), conflict (address taken), invalid_input. */
export async function createUser(admin: pg.Client, firmSlug: string, user: NewUser): Promise<Outcome<{ userId: string }>> {
  if (user.password.length < 12) return err({ code: 'invalid_input', what: 'the password', reason: 'Use at least 12 characters.' });
  const userId = freshId();
  await admin.query('begin');
  try {
    const firm = (
      await admin.query<{ firm_id: string }>('select firm_id from steno.firm where firm_slug = $1 and deleted_at is null', [firmSlug])
    ).rows[0];
    if (!firm) {
      await admin.query('rollback');
      return err({ code: 'not_found', what: `the firm "${firmSlug}"` });
    }
    await admin.query('insert into steno."user" (firm_id, user_id, email, first_name, last_name, role) values ($1, $2, $3, $4, $5, $6)', [
      firm.firm_id,
      userId,
      user.email,
      user.firstName,
      user.lastName,
      user.role,
    ]);
    await admin.query('select auth.set_password($1, $2, $3)', [firm.firm_id, userId, user.password]);
    await admin.query('commit');
    return ok({ userId });
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    return refused(error, `a user with the address ${user.email}`);
  }
}

/** Sets the password of the one login all laptops connect with. */
export async function setClientPassword(admin: pg.Client, password: string): Promise<void> {
  await admin.query(`alter role steno_client password ${admin.escapeLiteral(password)}`);
}

function refused(error: unknown, what: string): Outcome<never> {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505') return err({ code: 'conflict', what, reason: 'There is one already. Nothing was changed.' });
  if (code === '23514' || code === '22P02' || code === '22001')
    return err({ code: 'invalid_input', what, reason: `The database refuses it (${constraint ?? code}). Nothing was changed.` });
  throw error;
}
