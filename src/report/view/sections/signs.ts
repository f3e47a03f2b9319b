import type { Block } from '../../view-model.ts';
import type { SectionView, SheetView } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';
import { ownLook } from '../passive.ts';
import { signsOf } from '../misuse-signs.ts';

const ROWS = 30;

/** Section 12: always said, because nothing seen from outside says nothing of what goes on inside. */
export function buildSigns(context: Context): SectionView {
  const { m } = context;
  const say = m.rescuer.signs;
  const signs = signsOf(context);
  const sheet: SheetView = {
    id: 'signs',
    title: say.sheet,
    note: say.note,
    columns: [
      { text: say.columns.where, width: 18 },
      { text: say.columns.seen, width: 26 },
      { text: say.columns.may, width: 19 },
      { text: say.columns.not, width: 19 },
      { text: say.columns.next, width: 18 },
    ],
    rows: signs.slice(0, ROWS).map(({ where, seen, kind }) => {
      const { may, not, next } = say.kinds[kind];
      return [where, seen, { text: may }, { text: not }, { text: next }];
    }),
    more: signs.length > ROWS ? say.more(signs.length - ROWS) : undefined,
  };
  return {
    number: '12',
    title: say.title,
    lead: say.lead,
    blocks: [
      ...(signs.length === 0
        ? [{ kind: 'text' as const, text: noneText(context) }]
        : [{ kind: 'sheet' as const, ...sheet }]),
      ...lookedBlocks(context),
      { kind: 'heading', text: say.insideTitle },
      { kind: 'text', text: say.insideLead },
      { kind: 'list', style: 'boxes', items: say.inside },
      { kind: 'box', title: say.meaningTitle, items: say.meaning },
    ],
  };
}

/** "None" is said only of what was looked at, from where and when. */
function noneText(context: Context): string {
  const { m, dates, snapshot } = context;
  const say = m.rescuer.signs;
  const look = ownLook(context);
  if (look === 'looked') return say.none(dates.moment(snapshot.endedAt));
  return look === 'silent' ? say.noneRecorded : say.noneBlind;
}

/** What this run could see of it, and what it did not ask. */
function lookedBlocks(context: Context): Block[] {
  const { m, snapshot } = context;
  const say = m.rescuer.signs;
  const checks = snapshot.services.flatMap(({ indicators }) => indicators ?? []);
  const asked = checks.reduce((sum, { asked: paths }) => sum + paths, 0);
  const items = [
    checks.length === 0 ? say.looked.noPaths : say.looked.paths(asked, checks.length),
    snapshot.previousRun === undefined ? say.looked.noPrevious : say.looked.previous,
    say.looked.proxies,
  ];
  return [
    { kind: 'heading', text: say.lookedTitle },
    { kind: 'list', style: 'bullets', items },
  ];
}
