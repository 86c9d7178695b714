import { expect, test } from 'vitest';
import { UserId } from '../../src/shared/ids.ts';
import { hueOf } from '../../src/renderer/presence/hues.ts';
import { hereWords, initialsOf, newsWords, sentenceFor, type Doing } from '../../src/renderer/presence/words.ts';
import { cssVariables, people, personHues, theme } from '../../src/renderer/ui/theme.ts';

const person = (n: number): UserId => UserId.parse(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
const elena: Doing = { userId: person(1), firstName: 'Elena', lastName: 'Pardo', state: 'editing', section: 'Damages' };
const john: Doing = { userId: person(2), firstName: 'John', lastName: 'Watson', state: 'near', section: null };

test('who does what, and where', () => {
  expect(sentenceFor(elena)).toBe('Elena Pardo is editing the Damages section');
  expect(sentenceFor({ ...elena, section: null })).toBe('Elena Pardo is editing the letter');
  expect(sentenceFor({ ...elena, state: 'reading' })).toBe('Elena Pardo is reading the Damages section');
  expect(sentenceFor(john)).toBe('John Watson has this matter open');
  expect(sentenceFor({ ...john, state: 'away', lastName: '' })).toBe('John is away');
  expect(['', 'É'].map((lastName) => initialsOf({ firstName: ' élise', lastName }))).toEqual(['É', 'ÉÉ']);
});

test('the status bar has room for one, or a number; who is away is not counted', () => {
  expect(hereWords([])).toBeNull();
  expect(hereWords([elena])).toBe('Elena Pardo is editing the Damages section');
  expect(hereWords([elena, { ...john, state: 'away' }])).toBe('Elena Pardo is editing the Damages section');
  expect(hereWords([elena, john])).toBe('2 others are here');
});

test('said aloud: who came, who left, who edits another section; not each section that is read', () => {
  expect(newsWords([], [elena])).toBe('Elena Pardo is editing the Damages section.');
  expect(newsWords([elena], [elena])).toBeNull();
  expect(newsWords([elena], [{ ...elena, section: 'Liability' }])).toBe('Elena Pardo is editing the Liability section.');
  const reading: Doing = { ...elena, state: 'reading' };
  expect(newsWords([reading], [{ ...reading, section: 'Liability' }])).toBeNull();
  expect(newsWords([elena, john], [{ ...john, state: 'away' }])).toBe('Elena Pardo has left. John Watson is away.');
});

test('everybody has a colour of her own as long as there are enough, and keeps it', () => {
  const hues = Array.from({ length: personHues }, (_, n) => hueOf(person(100 + n * personHues)));
  expect(new Set(hues).size).toBe(personHues);
  expect(hueOf(person(100))).toBe(hues[0]);
  expect(hueOf(person(9_999))).toBeLessThan(personHues);
});

/** WCAG's contrast of two colours. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test('names are read on their flags, letters on what somebody selected, and carets on the paper, in light and in dark', () => {
  const { light, dark } = cssVariables(theme as never) as unknown as Record<'light' | 'dark', Record<string, string>>;
  for (const [strong, soft, colors] of [
    [people.light, people.lightSoft, light],
    [people.dark, people.darkSoft, dark],
  ] as const) {
    const of = (name: string): string => colors[name] ?? '';
    for (const [hue, color] of strong.entries()) {
      expect(contrast(of('--steno-on-person'), color), `flag ${color}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color, of('--mantine-color-body')), `initials ${color}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color, of('--steno-paper')), `caret ${color}`).toBeGreaterThanOrEqual(3);
      expect(contrast(soft[hue] ?? '', of('--steno-paper-ink')), `letters on ${soft[hue] ?? ''}`).toBeGreaterThanOrEqual(7);
      expect(contrast(soft[hue] ?? '', of('--steno-accent')), `citations on ${soft[hue] ?? ''}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});
