import { describe, expect, it } from 'vitest';
import { exposureOf } from '../../src/model/exposure.ts';
import type { SourceName } from '../../src/model/observation.ts';
import type { Exposure, Service } from '../../src/model/service.ts';
import { toDocument } from '../../src/report/document.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { buildView } from '../../src/report/view.ts';
import { makeContext, type Context } from '../../src/report/view/context.ts';
import { exposureBlocks, exposureLines, isBounded } from '../../src/report/view/exposure.ts';
import { knowledge, service, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';
import { strictParse } from './strict-parse.ts';

const LANGUAGES = ['ja', 'en'] as const;
const at = (day: string): string => `${day}T03:00:00Z`;

interface Told {
  readonly open: readonly (readonly [day: string, source: SourceName])[];
  readonly closed?: readonly (readonly [day: string, source: SourceName])[];
  readonly silent?: readonly (readonly [day: string, source: SourceName])[];
  readonly certificateFrom?: string;
}

function exposed({ open, closed = [], silent = [], certificateFrom }: Told): Exposure {
  const shut = (looks: Told['open'], status: 'closed' | 'no-answer'): Exposure['shut'] =>
    looks.map(([day, source]) => ({ at: at(day), source, status }));
  const exposure = exposureOf({
    open: open.map(([day, source]) => ({ at: at(day), source })),
    shut: [...shut(closed, 'closed'), ...shut(silent, 'no-answer')],
    certificateFrom,
  });
  if (exposure === undefined) throw new Error('nothing was open');
  return exposure;
}

function context(lang: 'ja' | 'en'): Context {
  return makeContext({ snapshot, knowledge, evidence, lang });
}

function said(told: Told, lang: 'ja' | 'en'): string {
  const of = service('203.0.113.77', 443, 'ssl-vpn', { exposure: exposed(told) });
  const [text] = exposureBlocks(context(lang), of);
  return text?.kind === 'text' ? text.text : '';
}

describe('report/view/exposure', () => {
  it('says how long at least, and since when at most', () => {
    const told: Told = {
      open: [
        ['2026-10-10', 'shodan'],
        ['2026-11-05', 'probe'],
        ['2026-11-20', 'probe'],
      ],
      closed: [['2026-10-02', 'nmap']],
    };
    expect(said(told, 'en')).toBe(
      'Open at least 41 days (2026-10-10 to 2026-11-20), at most since 2026-10-02 (nmap found it closed then).',
    );
    expect(said(told, 'ja')).toBe(
      '少なくとも 41 日間開いていました（2026-10-10 から 2026-11-20 まで）。開いたのは、早くても 2026-10-02 より後です（このときnmapは接続を断られました）。',
    );
    expect(isBounded(service('203.0.113.77', 443, 'ssl-vpn', { exposure: exposed(told) }))).toBe(true);
  });

  it('claims nothing from one look', () => {
    const once: Told = { open: [['2026-11-20', 'probe']] };
    expect(said(once, 'en')).toBe('Seen open once, on 2026-11-20: since when is not known.');
    expect(said(once, 'ja')).toBe(
      '2026-11-20 に一度だけ、開いているのが見えました。いつからかは分かりません。',
    );
    const since: Told = { ...once, silent: [['2026-11-13', 'probe']] };
    expect(said(since, 'en')).toBe(
      'Seen open once, on 2026-11-20; at most since 2026-11-13 (the own probe got no answer then).',
    );
    expect(said(since, 'ja')).toBe(
      '2026-11-20 に一度だけ、開いているのが見えました。開いたのは、早くても 2026-11-13 より後です（このとき自前の点検には応答がありませんでした）。',
    );
    const shut: Exposure['shut'] = [{ at: at('2026-11-13'), source: 'probe', status: 'unreachable' }];
    const unreachable = service('203.0.113.77', 443, 'ssl-vpn', { exposure: { ...exposed(once), shut } });
    expect(exposureBlocks(context('en'), unreachable)[0]).toMatchObject({
      text: 'Seen open once, on 2026-11-20; at most since 2026-11-13 (the own probe was sent back by a router then).',
    });
    expect(isBounded(service('203.0.113.77', 443, 'ssl-vpn', { exposure: exposed(once) }))).toBe(false);
  });

  it('shows a gap as a gap', () => {
    const told: Told = {
      open: [
        ['2026-06-01', 'shodan'],
        ['2026-06-20', 'shodan'],
        ['2026-11-01', 'shodan'],
        ['2026-11-20', 'probe'],
      ],
    };
    expect(said(told, 'en')).toBe(
      'Open at least 19 days (2026-11-01 to 2026-11-20). No look between 2026-06-20 and 2026-11-01; before that seen open from 2026-06-01 to 2026-06-20.',
    );
    expect(said(told, 'ja')).toBe(
      '少なくとも 19 日間開いていました（2026-11-01 から 2026-11-20 まで）。2026-06-20 から 2026-11-01 までの間は、見た記録がありません。その前は、2026-06-01 から 2026-06-20 まで開いていました。',
    );
  });

  it('tells of a break, and of earlier periods by number', () => {
    const told: Told = {
      open: [
        ['2026-02-01', 'shodan'],
        ['2026-04-20', 'shodan'],
        ['2026-10-01', 'probe'],
        ['2026-11-20', 'probe'],
      ],
      closed: [['2026-11-10', 'probe']],
      silent: [['2026-09-20', 'probe']],
    };
    expect(said(told, 'en')).toBe(
      'Seen open on 2026-11-20; at most since 2026-11-10 (the own probe found it closed then). Open again after it was shut: before that seen open on 2026-10-01. Shut on 2026-09-20 (the own probe got no answer), open again from 2026-10-01; before that seen open on 2026-04-20. 1 earlier period: in the JSON form.',
    );
    expect(said(told, 'ja')).toBe(
      '2026-11-20 に開いていました。開いたのは、早くても 2026-11-10 より後です（このとき自前の点検は接続を断られました）。一度閉じた後、再び開いたものです。その前は、2026-10-01 に開いていました。2026-09-20 には閉じていて（自前の点検には応答がありませんでした）、2026-10-01 には再び開いていました。その前は、2026-04-20 に開いていました。さらに前の 1 期間は、JSON 形式の報告にあります。',
    );
  });

  it('tells that it was found shut later, and what the certificate hints at', () => {
    const told: Told = {
      open: [
        ['2026-10-20', 'shodan'],
        ['2026-11-10', 'shodan'],
      ],
      closed: [['2026-11-20', 'probe']],
      certificateFrom: '2026-08-01T00:00:00Z',
    };
    expect(said(told, 'en')).toBe(
      'Open at least 21 days (2026-10-20 to 2026-11-10). On 2026-11-20, the own probe found it closed. A certificate seen here is valid from 2026-08-01: perhaps open since then.',
    );
    expect(said(told, 'ja')).toBe(
      '少なくとも 21 日間開いていました（2026-10-20 から 2026-11-10 まで）。2026-11-20 の時点で、自前の点検は接続を断られました。ここで見えた証明書は 2026-08-01 から有効です。そのころから開いていた可能性があります。',
    );
    // It was found closed after the certificate was made: the hint is void.
    expect(said({ ...told, closed: [['2026-09-01', 'nmap']] }, 'en')).not.toContain('certificate');
  });

  it('says of records without dates alone that there are none, and of an old snapshot nothing', () => {
    const when = { status: 'open', first: at('2026-11-19'), last: at('2026-11-19') } as const;
    const sightings: Service['sightings'] = [
      { source: 'internetdb', vantage: 'internetdb', ...when },
      { source: 'masscan', vantage: 'unknown', file: 'list.txt', undated: true, ...when },
    ];
    const undated = service('203.0.113.77', 443, 'ssl-vpn', { sightings });
    expect(exposureBlocks(context('en'), undated)).toEqual([
      {
        kind: 'text',
        text: 'No look at this port has a date of its own: since when it is open is not known.',
      },
    ]);
    expect(exposureBlocks(context('ja'), undated)).toEqual([
      {
        kind: 'text',
        text: 'この口には、見た日付の分かる記録がありません。いつから開いているかは分かりません。',
      },
    ]);
    expect(exposureLines(context('en'), undated)).toEqual(['open since: not known']);
    expect(exposureLines(context('ja'), undated)).toEqual(['いつからかは不明']);
    const old = service('203.0.113.77', 443, 'ssl-vpn');
    expect(exposureLines(context('en'), old)).toEqual([]);
    expect(exposureBlocks(context('en'), old)).toEqual([]);
  });

  it('is short in the table of doors', () => {
    const lines = (told: Told, lang: 'ja' | 'en'): string[] =>
      exposureLines(context(lang), service('203.0.113.77', 443, 'ssl-vpn', { exposure: exposed(told) }));
    const long: Told = {
      open: [
        ['2026-11-05', 'probe'],
        ['2026-11-20', 'probe'],
      ],
      closed: [['2026-10-02', 'nmap']],
    };
    expect(lines(long, 'en')).toEqual(['open at least 15 days', 'at most since 2026-10-02']);
    expect(lines(long, 'ja')).toEqual(['少なくとも 15 日間', '早くても 2026-10-02 より後']);
    const once: Told = { open: [['2026-11-20', 'probe']] };
    expect(lines(once, 'en')).toEqual(['seen open once, on 2026-11-20']);
    expect(lines(once, 'ja')).toEqual(['2026-11-20 に一度だけ見えた']);
    const again: Told = {
      open: [
        ['2026-06-05', 'probe'],
        ['2026-11-20', 'probe'],
      ],
    };
    expect(lines(again, 'en')).toEqual(['seen open on 2026-11-20']);
    expect(lines(again, 'ja')).toEqual(['2026-11-20 に開いていた']);
  });

  it('draws bars, gaps and strokes at their places', () => {
    const told: Told = {
      open: [
        ['2026-08-22', 'shodan'],
        ['2026-08-31', 'shodan'],
        ['2026-10-31', 'shodan'],
        ['2026-11-20', 'probe'],
      ],
      closed: [['2026-08-12', 'nmap']],
    };
    const of = service('203.0.113.77', 443, 'ssl-vpn', { exposure: exposed(told) });
    const block = exposureBlocks(context('en'), of).find(({ kind }) => kind === 'timeline');
    expect(block).toMatchObject({
      label: said(told, 'en'),
      bars: [
        { from: 0.1, to: 0.19 },
        { from: 0.8, to: 1 },
      ],
      gaps: [{ from: 0.19, to: 0.8 }],
      shut: [0],
      dates: [
        { at: 1, text: '2026-11-20' },
        { at: 0.1, text: '2026-08-22' },
        { at: 0.8, text: '2026-10-31' },
        { at: 0, text: '2026-08-12' },
      ],
    });
    const once = service('203.0.113.77', 443, 'ssl-vpn', {
      exposure: exposed({ open: [['2026-11-20', 'probe']] }),
    });
    expect(exposureBlocks(context('en'), once).map(({ kind }) => kind)).toEqual(['text']);
  });

  it.each(LANGUAGES)(
    'stands in the finding, as a picture with its text in HTML and as text alone elsewhere (%s)',
    (lang) => {
      const told: Told = {
        open: [
          ['2026-10-10', 'shodan'],
          ['2026-11-05', 'probe'],
          ['2026-11-20', 'probe'],
        ],
      };
      const run = {
        ...snapshot,
        services: snapshot.services.map((one) => ({ ...one, exposure: exposed(told) })),
      };
      const view = buildView({ snapshot: run, knowledge, evidence, lang });
      const sentence = said(told, lang);
      const pictures = strictParse(renderHtml(view)).filter(
        ({ name, attributes }) => name === 'svg' && attributes['aria-label'] === sentence,
      );
      expect(pictures).toHaveLength(view.findings.full.length);
      expect(pictures.every(({ attributes }) => attributes['role'] === 'img')).toBe(true);
      const texts = toDocument(view).filter((node) => node.kind === 'text' && node.text === sentence);
      expect(texts).toHaveLength(view.findings.full.length);
      const cell = lang === 'ja' ? '少なくとも 41 日間' : 'open at least 41 days';
      for (const row of view.doors.rows) expect(row.place.sub.at(-1)).toBe(cell);
    },
  );

  it('shows any text where a date should be as no date, and draws nothing', () => {
    const span = { from: '<b>', to: '<b>', sources: ['nmap' as const], looks: 2 };
    const exposure: Exposure = {
      first: '<b>',
      last: '<b>',
      spans: [span, span],
      shut: [{ at: '<b>', source: 'nmap', status: 'closed' }],
      certificateFrom: '<b>',
    };
    const of = service('203.0.113.77', 443, 'ssl-vpn', { exposure });
    const blocks = exposureBlocks(context('en'), of);
    expect(blocks.map(({ kind }) => kind)).toEqual(['text']);
    expect(JSON.stringify(blocks)).not.toContain('<b>');
  });
});
