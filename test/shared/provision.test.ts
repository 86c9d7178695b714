import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalForm } from '../../src/shared/provision.ts';

test('the order of names and the space between do not change the form', () => {
  const form = '{"a":[1,{"x":null,"y":"ü\\n"}],"b":true}';
  expect(canonicalForm(JSON.parse('{ "b": true, "a": [1, {"y": "ü\\n", "x": null}] }'))).toBe(form);
  expect(canonicalForm(JSON.parse(form))).toBe(form);
  expect(canonicalForm({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test('the form is JSON of the same value, so two values that differ never share one', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(value, (json) => {
      const text = JSON.stringify(json);
      expect(JSON.parse(canonicalForm(JSON.parse(text)) ?? '')).toEqual(JSON.parse(text));
    }),
  );
});

test('what a stranger nests a hundred thousand deep is refused, not followed', () => {
  const depth = 100_000;
  expect(canonicalForm(JSON.parse('['.repeat(depth) + ']'.repeat(depth)))).toBeNull();
  expect(canonicalForm(JSON.parse('{"a":'.repeat(9) + '1' + '}'.repeat(9)))).toBeNull();
  expect(canonicalForm(JSON.parse('{"a":'.repeat(8) + '1' + '}'.repeat(8)))).toContain('{"a":1}');
});
