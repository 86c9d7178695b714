import { expect, test } from 'vitest';
import type { FactKind } from '../../../src/shared/facts.ts';
import { normalForm } from '../../../src/main/facts/normal-form.ts';

test.each<[FactKind, string, string]>([
  ['visit', 'Feb. 15, 2024 - Hill Clinic — Dr. Poe', '2024-02-15|Hill Clinic — Dr. Poe'],
  ['wage_hours', '8 hours a day', '8/day'],
  ['wage_hours', '56.0', '56'],
  ['wage_days', '5.5 days', '5.5'],
  ['wage_rate', '$30', '3000'],
  ['policy_limits', '$1,000,000.00', '100000000'],
  ['diagnosis', 's13.4xxa Cervical strain', 'S134XXA'],
  ['diagnosis', '847.0', '8470'],
  ['diagnosis', 'Disc bulge L4–L5', 'disc bulge l4-l5'],
  ['procedure', 'j1885 Ketorolac', 'J1885'],
  ['medication', 'Ibuprofen 600mg PO q6h', 'ibuprofen 600 mg'],
  ['vehicle', '2020 Toyota Camry', '2020 toyota camry'],
  ['vehicle_vin', '1m8gdm9a xkp042788', '1M8GDM9AXKP042788'],
  ['liability_quote', '“He looked down.”', 'he looked down.'],
])('what a person writes for %s, %s, compares as %s', (kind, value, normal) => {
  expect(normalForm(kind, value)).toMatchObject({ ok: true, value: { normal } });
});

test.each<[FactKind, string]>([
  ['visit', 'February 30, 2024 — Hill Clinic'],
  ['visit', '02/15/2024'],
  ['visit', '2/15/24 — Hill Clinic'],
  ['wage_days', 'a few'],
  ['wage_rate', '$30,00'],
  ['policy_limits', '1.234,56'],
  ['client_birth_date', '3/3/78'],
  ['payment', 'Insurance $10.00'],
])('%s is never guessed from %s', (kind, value) => {
  expect(normalForm(kind, value)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
});
