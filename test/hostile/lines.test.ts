import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine, showable, showableLines } from '../../src/lib/hostile-text.ts';
import { CONTROLS } from './controls.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({
    unit: fc.constantFrom('\u001b', '\u009b', '\u202e', '\u2028', '\r', '\n', '\u{e0041}', '\ud800', 'a'),
  }),
);

describe('lib/hostile-text', () => {
  it('shows any text on one line without a control character, bounded', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const shown = showable(text, max);
        expect(shown).not.toMatch(CONTROLS);
        expect(shown).not.toMatch(/[\n\p{Cf}]/u);
        expect(shown.isWellFormed()).toBe(true);
        expect([...shown].length).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('leaves Japanese names with their variation selectors and emoji as they are', () => {
    for (const text of ['葛\u{e0100}城市役所', '架空精機　本社', '☎\ufe0f 03-0000-0000'])
      expect(showable(text)).toBe(text);
  });

  it('keeps the lines of our own messages and nothing else that moves', () => {
    expect(showableLines('one\ttab\r\ntwo\u001b[31m\u202e\n')).toBe('one tab\ntwo␛[31m\ufffd\n');
    fc.assert(
      fc.property(anyText, (text) => {
        expect(showableLines(text)).not.toMatch(CONTROLS);
      }),
    );
  });

  it('writes JSON that reads back as the same, on one line for every reader', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const line = jsonLine(value);
        expect(line).not.toMatch(CONTROLS);
        expect(line).not.toMatch(/[\n\p{Cf}]/u);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
