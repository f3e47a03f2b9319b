import { describe, expect, it } from 'vitest';
import type { Recheck } from '../../src/model/recheck.ts';
import { recheckText } from '../../src/report/recheck-text.ts';
import { buildView } from '../../src/report/view.ts';
import { knowledge, service, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';

const SUBJECT = '203.0.113.10:3389/tcp';

function recheck(change: Partial<Recheck> = {}): Recheck {
  return {
    spokenId: 'B-07',
    subject: SUBJECT,
    at: '2026-11-20T08:05:00Z',
    vantage: '東京',
    state: 'closed',
    details: [],
    requests: 2,
    observations: [],
    ...change,
  };
}

/** Part 11 of B-07 as one text. */
function partEleven(rechecks: readonly Recheck[], lang: 'ja' | 'en' = 'ja'): string {
  const { findings } = buildView({ snapshot, knowledge, evidence, lang, rechecks });
  const parts = findings.full.find(({ id }) => id === 'B-07')?.parts;
  return JSON.stringify(parts?.find(({ number }) => number === 11)?.blocks);
}

describe('rechecks in part 11 of a finding', () => {
  it('names the command, and nothing more before there was one', () => {
    const text = partEleven([]);
    expect(text).toContain('sekisho recheck B-07 ORG.yaml');
    expect(text).not.toContain('再点検');
  });

  it('tells time, vantage point and fact, and what one look means', () => {
    const text = partEleven([recheck()]);
    expect(text).toContain('再点検 2026年11月20日（金）17:05 JST、観測点「東京」：届きませんでした');
    expect(text).toContain('再点検 1 回では「閉鎖確認」とはしません。');
    const english = partEleven([recheck({ state: 'open' })], 'en');
    expect(english).toContain(
      'it was reached from outside. Compared with the run, nothing that is known has changed.',
    );
    expect(english).toContain('The door is still open.');
  });

  it('tells what changed, and reads only the newest one', () => {
    const text = partEleven([
      recheck(),
      recheck({
        at: '2026-11-20T09:00:00Z',
        state: 'open',
        details: [{ what: 'product', from: 'example-vpn', to: 'example-router' }],
      }),
    ]);
    expect(text).toContain('「SSL-VPN 製品A」から「ルータ 製品B」に');
    expect(text.indexOf('18:00')).toBeLessThan(text.indexOf('17:05'));
    expect(text).toContain('入口はまだ開いています。');
    expect(text).not.toContain('再点検 1 回では');
  });

  it('says of silence over UDP that it tells nothing, and never that it is closed', () => {
    for (const lang of ['ja', 'en'] as const) {
      const lines = recheckText({
        recheck: recheck({ subject: '192.0.2.18:500/udp', state: 'no-answer' }),
        service: undefined,
        snapshot,
        knowledge,
        lang,
      }).join('\n');
      expect(lines).toMatch(/分かりません|is not known/);
      expect(lines).not.toMatch(/閉鎖確認|closed, confirmed/);
    }
  });

  it('shows some of many, and nothing of other places', () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      recheck({ at: `2026-11-20T08:${String(n).padStart(2, '0')}:00Z` }),
    );
    const text = partEleven([...many, recheck({ subject: '203.0.113.4:443/tcp', vantage: 'elsewhere' })]);
    expect(text).toContain('これより前の再点検が 25 回');
    expect(text).not.toContain('elsewhere');
  });
});

describe('recheckText', () => {
  it('names what stands there now, and shows hostile text harmlessly', () => {
    const now = service('203.0.113.10', 3389, 'rdp', {
      certificate: {
        sha256: 'a'.repeat(64),
        subject: 'CN=\u202ex\u001b[2J',
        issuer: 'x',
        serial: '1',
        names: [],
        keyType: 'RSA',
        keyBits: 2048,
        selfSigned: true,
      },
    });
    const lines = recheckText({
      recheck: recheck({ state: 'open' }),
      service: now,
      snapshot,
      knowledge,
      lang: 'ja',
    });
    expect(lines[0]).toBe(`B-07  本社（大阪） ${SUBJECT}`);
    expect(lines.join('\n')).toContain('今そこにあるもの：');
    expect(lines.join('\n')).toContain('aaaaaaaaaaaaaaaa…');
    for (const hidden of ['\u202e', '\u001b']) expect(lines.join('')).not.toContain(hidden);
  });

  it('says why nobody could look', () => {
    const why = (reason: string): string =>
      recheckText({
        recheck: recheck({ state: 'not-looked', reason }),
        service: undefined,
        snapshot,
        knowledge,
        lang: 'ja',
      }).join('\n');
    expect(why('outside-window')).toContain('見られませんでした（点検してよい時間帯の外だった）');
    expect(why('no-question')).toContain('この UDP ポートに合う問い合わせがない');
    expect(why('x\u0007')).not.toContain('\u0007');
  });
});
