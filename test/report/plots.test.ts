import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLabels, pieces, placeBoxes } from '../../src/report/html/plots/place.ts';
import { fitText, textWidth, wrapText } from '../../src/report/html/text-width.ts';
import { makeContext, type Context } from '../../src/report/view/context.ts';
import { makeAxis, momentMs } from '../../src/report/view/plots/axis.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';

const DAY = 86_400_000;

function context(lang: 'ja' | 'en' = 'en', timezone = 'Asia/Tokyo'): Context {
  return makeContext({ snapshot: { ...snapshot, timezone }, knowledge, evidence, lang });
}

function axis(from: string, to: string, timezone?: string) {
  return makeAxis(context('en', timezone), Date.parse(from), Date.parse(to));
}

describe('report/view/plots: the axis', () => {
  it('begins its months at midnight of the organisation', () => {
    const { ticks, start } = axis('2026-08-20T00:00:00Z', '2026-11-20T00:00:00Z');
    expect(ticks.map(({ text }) => text)).toEqual(['Sep', 'Oct', 'Nov']);
    expect(ticks.map(({ over }) => over)).toEqual(['2026', '', '']);
    const september = start + (ticks[0]?.at ?? 0) * 92 * DAY;
    expect(Math.abs(september - Date.parse('2026-08-31T15:00:00Z'))).toBeLessThan(DAY / 50);
  });

  it('steps in whole quarters and years where there are many months, and names each year once', () => {
    const { ticks } = axis('2024-12-20T00:00:00Z', '2026-11-20T00:00:00Z');
    expect(ticks.map(({ text }) => text)).toContain('Jan');
    expect(ticks.length).toBeLessThanOrEqual(13);
    expect(ticks.filter(({ over }) => over !== '').map(({ over }) => over)).toEqual(['2025', '2026']);
  });

  it('has weeks where there is a month only, and is never shorter', () => {
    const { ticks, start, end } = axis('2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z');
    expect(end - start).toBe(30 * DAY);
    expect(ticks.map(({ text }) => text)).toEqual(['10/23', '10/30', '11/6', '11/13', '11/20']);
  });

  it('is cut at two years: what lies before is at its edge', () => {
    const long = axis('1999-01-01T00:00:00Z', '2026-11-20T00:00:00Z');
    expect(long.end - long.start).toBe(731 * DAY);
    expect(long.at(Date.parse('2001-01-01T00:00:00Z'))).toBe(0);
    expect(long.at(Date.parse('2030-01-01T00:00:00Z'))).toBe(1);
  });

  it.each(['Asia/Tokyo', 'UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'America/Sao_Paulo'])(
    'is in order in %s',
    (timezone) => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 5000 }), (length, shift) => {
          const end = Date.parse('2014-01-01T00:00:00Z') + shift * DAY;
          const { ticks, start } = makeAxis(context('en', timezone), end - length * DAY, end);
          const at = ticks.map((tick) => tick.at);
          expect(at).toEqual(at.toSorted((a, b) => a - b));
          expect(new Set(at).size).toBe(at.length);
          expect(start).toBeLessThan(end);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('reads days, months and instants, and nothing else', () => {
    expect(momentMs('2026-09-27', 'Asia/Tokyo')).toBe(Date.parse('2026-09-26T15:00:00Z'));
    expect(momentMs('2026-09', 'Asia/Tokyo')).toBe(Date.parse('2026-08-31T15:00:00Z'));
    expect(momentMs('2026-09-27T01:00:00Z', 'Asia/Tokyo')).toBe(Date.parse('2026-09-27T01:00:00Z'));
    for (const text of ['', '2026-13', '2026-02-30', 'yesterday', '<b>'])
      expect(momentMs(text, 'UTC')).toBeUndefined();
  });
});

describe('report/html/plots: places', () => {
  it('keeps boxes apart, in order, within the ends, and moves none that has room', () => {
    expect(placeBoxes([50, 100], 16, 0, 200)).toEqual([50, 100]);
    expect(placeBoxes([198, 199, 200], 16, 0, 200)).toEqual([160, 176, 192]);
    expect(placeBoxes([0, 1], 16, 0, 200)).toEqual([8, 24]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }), (places) => {
        const sorted = places.toSorted((a, b) => a - b);
        const placed = placeBoxes(sorted, 16, 0, 400);
        expect(placed).toHaveLength(sorted.length);
        for (const [index, at] of placed.entries()) {
          expect(at).toBeGreaterThanOrEqual(8);
          expect(at).toBeLessThanOrEqual(392);
          if (index > 0) expect(at - (placed[index - 1] ?? 0)).toBeGreaterThanOrEqual(16);
        }
      }),
    );
  });

  it('leaves labels out evenly', () => {
    const labels = Array.from({ length: 12 }, (_, index) => ({ left: index * 20, width: 30 }));
    expect(fitLabels(labels, 4).map(({ left }) => left)).toEqual([0, 40, 80, 120, 160, 200]);
    expect(fitLabels(labels.slice(0, 1), 4)).toHaveLength(1);
    expect(fitLabels([], 4)).toEqual([]);
    expect(pieces([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe('report/html/text-width: other scripts', () => {
  const NAMES = [
    '本社（大阪）',
    'โรงงานกรุงเทพมหานคร',
    'مكتب دبي للتجارة الدولية',
    'मुंबई क्षत्रिय कार्यालय',
    '👩🏽‍🚀🏭🇯🇵 Plant',
    'Z\u0337\u0322\u031b\u0335\u0321\u0338\u0321a\u0337\u0322l\u0335g\u0338o',
    '\ufdfd\ufdfd\ufdfd',
    'Łódź — Škofja Loka',
    'W'.repeat(200),
  ];

  it.each(NAMES)('cuts between signs, never within one: %s', (name) => {
    const signs = [...new Intl.Segmenter('und').segment(name)].map(({ segment }) => segment);
    for (let room = 0; room < 400; room += 7) {
      const cut = fitText(name, room, 14);
      if (!cut.endsWith('…')) continue;
      const kept = [...new Intl.Segmenter('und').segment(cut.slice(0, -1))].map(({ segment }) => segment);
      for (const [index, sign] of kept.entries()) expect(signs[index]?.startsWith(sign)).toBe(true);
      if (kept.length > 0) expect(textWidth(cut, 14)).toBeLessThanOrEqual(room + 0.001);
    }
  });

  it.each(NAMES)('wraps without losing a line to nothing: %s', (name) => {
    for (const room of [1, 20, 90, 300]) {
      const lines = wrapText(name, room, 14, 3);
      expect(lines.length).toBeLessThanOrEqual(3);
      for (const line of lines) expect(line).not.toBe('');
    }
  });

  it('gives marks no room of their own, and ligatures of whole phrases theirs', () => {
    expect(textWidth('e\u0301', 10)).toBe(textWidth('e', 10));
    expect(textWidth('กำ', 10)).toBeLessThan(20);
    expect(textWidth('\ufdfd', 10)).toBeGreaterThan(60);
    expect(textWidth('🏭', 10)).toBeGreaterThan(10);
    expect([...fitText(`a${'\u0301'.repeat(50)}`, 100, 10)].length).toBeLessThanOrEqual(7);
  });
});
