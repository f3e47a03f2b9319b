import { describe, expect, it } from 'vitest';
import type { Elsewhere, Snapshot } from '../../src/model/snapshot.ts';
import type { Language } from '../../src/report/dates.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { knowledge, snapshot } from './fixture.ts';

const RDP = '203.0.113.10:3389/tcp';
const ONLY_THERE = '203.0.113.77:8443/tcp';

function view(of: Snapshot, lang: Language): ReportView {
  return buildView({ snapshot: of, knowledge, evidence: () => [], lang });
}

const from = (vantage: string, places: Elsewhere['places']): Elsewhere => ({
  vantage,
  runId: '20261120T010000Z',
  endedAt: '2026-11-20T01:00:00Z',
  places,
});

const several: Snapshot = {
  ...snapshot,
  elsewhere: [
    from('home', {}),
    from('mobile\u001b[2J', { [RDP]: 'no-answer', [ONLY_THERE]: 'open' }),
    from('office-lan', { [RDP]: 'open' }),
  ],
  expected: [
    {
      key: RDP,
      owner: 'IT',
      reason: 'x',
      until: '2027-01-01',
      state: 'as-declared',
      allowedSources: ['office-lan', '192.0.2.0/24'],
      reachedFrom: ['東京'],
    },
  ],
};

const rdpDoor = ({ doors }: ReportView) => doors.rows.find(({ place }) => place.sub.includes('3389/tcp'));

function seen({ findings }: ReportView): string {
  const finding = findings.full.find(({ parts }) => JSON.stringify(parts).includes('203.0.113.10'));
  return JSON.stringify(finding?.parts.find(({ number }) => number === 1)?.blocks);
}

describe('report of a day with several vantage points', () => {
  it('says in the table of doors from where each is reached, is not, and was not looked at', () => {
    expect(rdpDoor(view(several, 'en'))?.own.sub.slice(-3)).toEqual([
      'reached also from office-lan',
      'not reached from mobile␛[2J',
      'not looked at from home',
    ]);
    expect(rdpDoor(view(several, 'ja'))?.own.sub.slice(-3)).toEqual([
      'office-lan からも届く',
      'mobile␛[2J からは届かない',
      'home からは見ていない',
    ]);
  });

  it('says it in the part of the finding that tells what was seen, with what the declaration allows', () => {
    const text = seen(view(several, 'en'));
    expect(text).toContain('On the same day it was reached from the vantage points: office-lan.');
    expect(text).toContain('looked at and not reached from: mobile');
    expect(text).toContain('nobody looked at it from: home');
    expect(text).toContain('declared for office-lan, 192.0.2.0/24 only, and it was reached from 東京');
    expect(seen(view(several, 'ja'))).toContain('接続元の制限が効いていません');
  });

  it('names the other runs, and what answered there and not here, under the doors', () => {
    const { note } = view(several, 'en').doors;
    expect(note).toContain('Runs of the same day from other vantage points: home (');
    expect(note).toContain(
      `From mobile␛[2J 1 place answered that did not answer here or was not looked at from here: ${ONLY_THERE}`,
    );
    expect(view(several, 'ja').doors.note).toContain(ONLY_THERE);
  });

  it('says nothing of it when there was one vantage point', () => {
    const { elsewhere: _none, ...alone } = several;
    const one = view({ ...alone, expected: snapshot.expected }, 'en');
    expect(JSON.stringify([one.doors, one.findings])).not.toMatch(/same day|reached also/);
  });

  it('stands in every form, fit to show', () => {
    for (const lang of ['ja', 'en'] as const) {
      for (const form of [FORMATS.html, FORMATS.markdown, FORMATS.text]) {
        const text = form.render(view(several, lang));
        expect(text).toContain('office-lan');
        expect(text).toContain(ONLY_THERE.replace('/tcp', ''));
        expect(text).not.toContain('\u001b');
      }
    }
  });
});
