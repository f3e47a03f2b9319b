import { describe, expect, it } from 'vitest';
import { WEB_RISKS, type IndicatorCheck } from '../../src/model/web.ts';
import type { Service } from '../../src/model/service.ts';
import { Snapshot, type Change } from '../../src/model/snapshot.ts';
import { messagesFor } from '../../src/report/messages/index.ts';
import { servicesJson } from '../../src/report/json.ts';
import { ServiceJson } from '../../src/report/json-schema.ts';
import { renderText } from '../../src/report/text.ts';
import { buildView } from '../../src/report/view.ts';
import { renderWeekly } from '../../src/report/weekly.ts';
import { coverage, knowledge, snapshot } from './fixture.ts';
import { evidence, nothing } from './fixture-runs.ts';

const indicators: IndicatorCheck = {
  asked: 40,
  skipped: [],
  answers: [
    {
      id: 'x /aspnet_client/shell.aspx',
      method: 'GET',
      path: '/aspnet_client/shell.aspx',
      status: 200,
      bodyBytes: 12,
      control: { path: '/aspnet_client/sekisho00112233.aspx', status: 404, bodyBytes: 3 },
      campaign: { ja: 'ProxyLogon（2021年）', en: 'ProxyLogon (2021)' },
      about: { ja: '攻撃で付けられた名前です。', en: 'A name used in the attacks.' },
      source: { publisher: 'Microsoft', url: 'https://www.microsoft.com/a', date: '2021-03-02' },
    },
  ],
};
const [urgent] = snapshot.findings.toSorted((a, b) => (a.priority < b.priority ? -1 : 1));
const subject = urgent?.subject ?? '';
const withService = (extra: Partial<Service>): Snapshot => ({
  ...snapshot,
  services: snapshot.services.map((one) => (one.key === subject ? { ...one, ...extra } : one)),
});
const text = (of: Snapshot, lang: 'ja' | 'en'): string =>
  renderText(buildView({ snapshot: of, knowledge, evidence, lang }));

describe('what is said of web servers', () => {
  it('puts an answering path first, as an observation with its source, never as a web shell found', () => {
    const of = withService({
      indicators,
      webRisks: [{ risk: 'indicator-path', seen: '/aspnet_client/shell.aspx' }],
    });
    const en = text(of, 'en').replace(/\s+/g, ' ');
    expect(en).toContain(
      '/aspnet_client/shell.aspx answered 200, a made-up name beside it 404 (ProxyLogon (2021)).',
    );
    expect(en).toContain('A name used in the attacks.');
    expect(en).toContain('https://www.microsoft.com/a');
    expect(en).toContain('From outside it cannot be told what stands there');
    expect(en).not.toMatch(/web shell (?:was )?found|is compromised/i);
    const ja = text(of, 'ja').replace(/\s+/g, '');
    expect(ja).toContain(
      '/aspnet_client/shell.aspxの応答は200、隣の作った名前への応答は404（ProxyLogon（2021年））。',
    );
    expect(ja).toContain('外からは分かりません');
    // Before what is otherwise said of the place: right behind the heading of the part.
    const { findings } = buildView({ snapshot: of, knowledge, evidence, lang: 'en' });
    const parts = findings.full.flatMap((one) => one.parts);
    const first = parts.find(({ blocks }) => JSON.stringify(blocks).includes('made-up name beside it'));
    expect(first?.blocks[0]).toEqual({ kind: 'text', text: messagesFor('en').finding.indicatorLead });
  });

  it('says that nothing stood out, and that this proves little', () => {
    const of = withService({ indicators: { asked: 40, skipped: ['no-room'], answers: [] } });
    expect(text(of, 'en').replace(/\s+/g, ' ')).toContain(
      '40 paths of known campaigns asked for; none stood out.',
    );
    expect(text(of, 'en').replace(/\s+/g, ' ')).toContain('did not reach for all of them');
    expect(text(of, 'ja')).toContain('40');
    const skipped = withService({ indicators: { asked: 0, skipped: ['catch-all'], answers: [] } });
    expect(text(skipped, 'en').replace(/\s+/g, ' ')).toContain(
      'No path of a known campaign was asked for here. Any path returns a page',
    );
  });

  it('lists every risk in both languages with what says so, and cuts what a stranger wrote', () => {
    const webRisks = WEB_RISKS.filter((risk) => risk !== 'indicator-path').map((risk) => ({
      risk,
      seen: `seen-${risk}\u001b[31m${'x'.repeat(150)}`,
    }));
    for (const lang of ['ja', 'en'] as const) {
      const said = text(withService({ webRisks }), lang).replace(/\s+/g, '');
      for (const { risk } of webRisks) {
        expect(said).toContain(`seen-${risk}`);
        expect(said).toContain(messagesFor(lang).ids.webRisk[risk].replace(/\s+/g, ''));
      }
      expect(said).not.toContain('\u001b');
    }
  });

  it('says nothing more of a server without any of this', () => {
    expect(
      text(withService({ webRisks: [], indicators: { asked: 0, skipped: [], answers: [] } }), 'en'),
    ).not.toContain('leave a web shell');
  });

  it('is in the machine form, and absent facts are null', () => {
    const lines = servicesJson(
      withService({ indicators, webRisks: [{ risk: 'put-offered', seen: 'Allow: PUT' }] }),
    );
    for (const line of lines) ServiceJson.parse(line);
    expect(lines.find(({ key }) => key === subject)).toMatchObject({
      webRisks: [{ risk: 'put-offered' }],
      indicators: { asked: 40 },
      page: null,
    });
    expect(lines.find(({ key }) => key !== subject)).toMatchObject({
      webRisks: null,
      indicators: null,
      page: null,
    });
  });
});

describe('what is said of a page that changed', () => {
  const change = (kind: Change['kind'], details: Change['details']): Change => ({
    kind,
    key: urgent?.key ?? '',
    spokenId: 'B-02',
    subject,
    class: 'web',
    priority: 'P4',
    trace: 'T0',
    details,
    firstSeen: '2026-11-01T00:00:00Z',
  });
  const changed = change('content-changed', [
    { what: 'page-title', from: 'Example', to: 'Hacked by x' },
    { what: 'page-scripts', from: '', to: 'https://evil.example' },
  ]);
  const varied = change('content-varied', [{ what: 'page-content', from: 'a', to: 'b' }]);
  const run = (...changes: Change[]): Snapshot => ({
    ...nothing,
    coverage: [coverage()],
    services: snapshot.services,
    findings: snapshot.findings,
    changes,
  });

  it('is in the report and in the mail, in both languages', () => {
    Snapshot.shape.changes.parse([changed, varied]);
    for (const [lang, title, away] of [
      ['ja', 'トップページの題名が「Example」から「Hacked by x」に変わりました。', '改ざんの兆しです'],
      ['en', 'Title of the top page: Example → Hacked by x.', 'sign of misuse'],
    ] as const) {
      const view = buildView({ snapshot: run(changed), knowledge, evidence, lang });
      expect(view.changes.items[0]?.lines[0]).toBe(title);
      expect(view.changes.items[0]?.lines.join(' ')).toContain('https://evil.example');
      expect(view.changes.items[0]?.lines.join(' ')).toContain(away);
      const mail = renderWeekly(view);
      expect(mail.subject).toContain(messagesFor(lang).weekly.kinds['content-changed']);
      expect(mail.body).toContain('Hacked by x');
    }
  });

  it('is information only when the text alone differs: in the report, not in the mail', () => {
    for (const lang of ['ja', 'en'] as const) {
      const view = buildView({ snapshot: run(varied), knowledge, evidence, lang });
      expect(view.changes.items[0]?.ask).toBeUndefined();
      expect(view.changes.items[0]?.lines).toEqual([messagesFor(lang).changes.contentVaried]);
      const none = buildView({ snapshot: run(), knowledge, evidence, lang });
      expect(renderWeekly(view)).toEqual(renderWeekly(none));
    }
  });
});
