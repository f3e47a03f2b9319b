import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import { buildView } from '../../src/report/view.ts';
import { renderWeekly, type WeeklyMail } from '../../src/report/weekly.ts';
import { coverage, knowledge, snapshot } from './fixture.ts';
import { evidence, nothing } from './fixture-runs.ts';

function view(of: Snapshot, lang: 'ja' | 'en' = 'ja'): ReturnType<typeof buildView> {
  return buildView({ snapshot: of, knowledge, evidence, lang });
}
const weekly = (of: Snapshot, lang: 'ja' | 'en' = 'ja'): WeeklyMail => renderWeekly(view(of, lang));
const complete: Snapshot = { ...snapshot, coverage: [coverage()] };

describe('report/weekly', () => {
  it('puts the work, the kinds and the state of the check into the subject', () => {
    expect(weekly(snapshot).subject).toBe(
      '[境界点検] 点検不完全・要対応 2・新規 2・再公開 1・悪化 1・変化 1・閉鎖 1・見えず 1・期限 1｜架空精機株式会社｜2026-11-20',
    );
    expect(weekly(complete, 'en').subject).toMatch(/^\[Boundary check\] act now 2, new 2, /);
    expect(weekly(complete).subject).not.toContain('不完全');
  });

  it('shortens a week without change to the health line, but not what is still open', () => {
    const quiet = weekly({ ...nothing, coverage: [coverage()] });
    expect(quiet.subject).toBe('[境界点検] 変化なし｜架空精機株式会社｜2026-11-20');
    expect(quiet.body.trim().split('\n')).toHaveLength(1);
    expect(quiet.body).toContain('点検の健全性');
    const open = weekly({ ...complete, changes: [] });
    expect(open.subject).toContain('変化なし・▲ 2 件が未対応');
    expect(open.body).toContain('▲ B-02、▲ B-07');
  });

  it('does not call a week quiet when the check was not whole', () => {
    for (const state of ['partial', 'failed'] as const) {
      const { subject } = weekly({ ...nothing, coverage: [coverage({ state })] });
      expect(subject).toContain('点検不完全');
      expect(subject).not.toContain('変化なし');
    }
    expect(weekly({ ...nothing, complete: false }).subject).toContain('点検不完全');
  });

  it('names the first check as such', () => {
    const { previousRun: _, ...first } = complete;
    const mail = weekly({ ...first, changes: [] });
    expect(mail.subject).toContain('初回の点検・要対応 2');
    expect(mail.body).toContain('B-07');
  });

  it('asks for the reason of what no change ticket explains', () => {
    const { body } = weekly(snapshot);
    expect(body).toContain('変更票 2026-041');
    expect(body.match(/変更票なし　理由を記入/g)).toHaveLength(3);
    expect(body).toMatch(/【期限】\n期 B-05/);
  });
});

describe('report/text', () => {
  it.each(['ja', 'en'] as const)('holds every section and every finding in %s', (lang) => {
    const made = view(snapshot, lang);
    for (const text of [renderText(made), renderMarkdown(made).replaceAll('\\', '')]) {
      for (const { id } of made.findings.full) expect(text).toContain(id);
      for (const table of made.findings.tables) for (const { id } of table.rows) expect(text).toContain(id);
      for (const line of made.limits.cannot) expect(text).toContain(line);
      expect(text).toContain('0008  12 34 00 02 1f 08 00 02  .4......');
      expect(text).not.toMatch(/undefined|\[object|NaN/);
    }
  });

  it('has every form under its name', () => {
    expect(Object.keys(FORMATS)).toEqual(['html', 'markdown', 'text', 'json', 'csv', 'sarif']);
    for (const { render } of Object.values(FORMATS)) expect(render(view(snapshot)).endsWith('\n')).toBe(true);
    expect(FORMATS.text.render(view(snapshot), 'weekly').split('\n')[0]).toBe(weekly(snapshot).subject);
  });
});
