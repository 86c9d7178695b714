import { describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { createFullFirm } from '../support/firm-in-use.ts';
import { inserting } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firmId = firms.one.firmId;
const { idOf, pushed, change, force, refusal } = await createFullFirm(world);

describe('what was read from a contract', () => {
  const field = (name: string) =>
    inserting('extraction_field', {
      extraction_id: idOf('extraction'),
      field_name: name,
      value: 'x',
      confidence: 1,
      page: 1,
      start_offset: 0,
      end_offset: 1,
      quote: 'x',
    });
  const state = (status: string) =>
    force('extraction', 'extraction_id', idOf('extraction'), {
      status,
      decided_at: status === 'pending' ? null : '2026-01-01T00:00:00Z',
      decision_reason: status === 'rejected' ? 'x' : null,
    });

  test('approved, it is corrected and not changed; each correction starts from the one before', async () => {
    await state('pending');
    expect(await pushed('Paralegal', field('term'), change('extraction_field', { value: '$896' }))).toEqual(['applied', 'applied']);
    await state('approved');
    expect(await pushed('Paralegal', field('fee'))).toEqual(['extraction_approved']);
    expect(await pushed('Paralegal', change('extraction_field', { value: '$1' }))).toEqual(['extraction_approved']);
    expect(await pushed('Paralegal', change('extraction', { overall_confidence: 1 }))).toEqual(['extraction_approved']);
    expect(await refusal('delete from steno.extraction_field')).toBe('extraction_approved');
    const correct = (new_value: string | null, entity = idOf('extraction_field')) =>
      inserting('correction', { field_id: entity, new_value, reason: 'x' });
    expect(await pushed('Paralegal', correct('$900'), correct('$900'), correct(null))).toEqual(['applied', 'invalid', 'applied']);
    expect(await pushed('Paralegal', correct('x', freshId()))).toEqual(['not_found']);
    expect(await pushed('Viewer', correct('$1'))).toEqual(['forbidden']);
    const { rows } = await admin.query(
      'select correction_number as n, old_value, new_value from steno.correction where field_id = $1 order by 1',
      [idOf('extraction_field')],
    );
    expect(rows).toEqual([
      { n: 1, old_value: '$895', new_value: '$985' },
      { n: 2, old_value: '$985', new_value: '$900' },
      { n: 3, old_value: '$900', new_value: null },
    ]);
    expect(await refusal(`update steno.correction set reason = 'y'`)).toBe('append_only');
    await state('rejected');
    expect(await pushed('Paralegal', correct('$5'), field('fee'))).toEqual(['extraction_rejected', 'extraction_rejected']);
    await state('pending');
  });

  test('a login that may add contracts and not review them cannot approve', async () => {
    const token = await world.tokenFor('one', 'Attorney');
    await admin.query(
      `update auth.session set scopes = '{refund:contract:read,refund:contract:write}' where token_hash = sha256(convert_to($1, 'UTF8'))`,
      [token],
    );
    const { rows } = await admin.query<{ reply: { verdicts: unknown[] } }>('select app.push($1, $2) as reply', [
      token,
      JSON.stringify([change('extraction', { status: 'approved' })]),
    ]);
    expect(rows[0]?.reply.verdicts).toMatchObject([{ verdict: 'rejected', reason: 'approval_needs_reviewer' }]);
  });

  test('the views and the accuracy follow the corrections', async () => {
    const accuracy = await admin.query('select * from steno.calculate_extraction_accuracy($1)', [idOf('extraction')]);
    expect(accuracy.rows).toEqual([
      { field_name: 'price', correction_count: '3', accuracy_percent: '0.00' },
      { field_name: 'term', correction_count: '0', accuracy_percent: '100.00' },
      { field_name: null, correction_count: '3', accuracy_percent: '50.00' },
    ]);
    await admin.query(`select steno.aggregate_extractions((now() at time zone 'UTC')::date)`);
    const details = await admin.query('select field_count, correction_count, fields from steno.v_extraction_details where firm_id = $1', [
      firmId,
    ]);
    expect(details.rows).toMatchObject([
      {
        field_count: '2',
        correction_count: '3',
        fields: { price: { value: null, read: '$896', isCorrected: true }, term: { value: 'x', isCorrected: false } },
      },
    ]);
    const days = await admin.query(
      'select extraction_count, field_count, corrected_field_count, uncorrected_percent from steno.v_daily_extraction_stats where firm_id = $1',
      [firmId],
    );
    expect(days.rows).toEqual([{ extraction_count: '1', field_count: '2', corrected_field_count: '1', uncorrected_percent: '50.00' }]);
    const people = await admin.query<{ corrections: string }>(
      'select corrections from steno.v_user_activity where firm_id = $1 order by user_id',
      [firmId],
    );
    expect(people.rows.map(({ corrections }) => corrections).sort()).toEqual(['0', '0', '0', '1', '2']);
  });
});
