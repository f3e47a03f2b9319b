import { showable } from '../../../lib/hostile-text.ts';
import { unknownIds } from '../../../model/answers.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import type { Block } from '../../view-model.ts';
import type { SectionView, SheetCell, SheetView } from '../../view-model-sections.ts';
import { answerCell, answersCell, answerText, siteAnswerOf, answeredNote, yesNoText } from '../answered.ts';
import { findingId, joined, productName, siteKind, siteName, type Context } from '../context.ts';
import { buildHearing } from '../hearing.ts';

const SITES = 30;
const REMOTE = 12;
const PRODUCTS = 8;
const PROVIDERS = 8;
const UNKNOWN = 50;
/** Numbers beside a product or a question. */
const IDS = 8;

type Site = Snapshot['sites'][number];

/** Section 8: whom to ask what, and the hearing sheets. */
export function buildAsk(context: Context): SectionView {
  const { m } = context;
  const { ask } = m.owner;
  const hearing = buildHearing(context);
  const blocks: Block[] = [
    { kind: 'sheet', ...whomSheet(context) },
    { kind: 'box', title: ask.contractTitle, items: ask.contract },
    { kind: 'sheet', ...sitesSheet(context) },
    ...hearing.sheets.map((sheet): Block => ({ kind: 'sheet', ...sheet })),
  ];
  if (hearing.sheets.length === 0) blocks.push({ kind: 'text', text: ask.noDoors });
  if (hearing.more !== undefined) blocks.push({ kind: 'text', text: hearing.more });
  blocks.push(...unknownBlocks(context), { kind: 'text', text: ask.file, small: true });
  return { number: '8', title: ask.title, lead: ask.lead, blocks };
}

function whomSheet(context: Context): SheetView {
  const { ask } = context.m.owner;
  const remote = context.snapshot.sites.filter(isRemote);
  const row = (who: SheetCell, asks: readonly string[], reach: SheetCell): SheetCell[] => {
    const [first = '', ...rest] = asks;
    return [who, { text: first, sub: rest }, reach, { text: '', blanks: 1 }];
  };
  return {
    id: 'ask-whom',
    title: ask.sheet,
    note: noteOf(context),
    columns: [
      { text: ask.who, width: 18 },
      { text: ask.what, width: 36 },
      { text: ask.reach, width: 28 },
      { text: ask.done, width: 18 },
    ],
    rows: [
      row({ text: ask.admin }, ask.adminAsks, { text: '', blanks: 1 }),
      row({ text: ask.maintainer }, ask.maintainerAsks, maintainerCell(context)),
      ...sellerCells(context).map((reach) => row({ text: ask.seller }, ask.sellerAsks, reach)),
      row({ text: ask.isp }, ask.ispAsks, providersCell(context)),
      ...remote.slice(0, REMOTE).map((site) =>
        row(
          {
            text: site.kind === 'overseas' ? ask.overseas : ask.affiliate,
            sub: [siteName(context, site.id)],
          },
          ask.remoteAsks,
          contactCell(context, site),
        ),
      ),
      row({ text: ask.management }, ask.managementAsks, managementCell(context)),
    ],
    more: remote.length > REMOTE ? ask.moreSites(remote.length - REMOTE) : undefined,
  };
}

function noteOf(context: Context): string | undefined {
  return answeredNote(context).at(0);
}

function isRemote({ kind }: Site): boolean {
  return kind === 'overseas' || kind === 'affiliate';
}

function maintainerCell({ m, snapshot }: Context): SheetCell {
  const { maintainer } = snapshot;
  if (maintainer === undefined) return { text: m.owner.ask.notInFile, blanks: 1 };
  const phone = maintainer.phone === undefined ? [] : [showable(maintainer.phone, 40)];
  return { text: showable(maintainer.name, 80), sub: phone };
}

/** One cell for all recognised products, with the findings they stand at. None when no product is known. */
function sellerCells(context: Context): SheetCell[] {
  const { m } = context;
  const ids = new Map<string, string[]>();
  for (const { productId, ...finding } of context.findings)
    if (productId !== undefined) ids.set(productId, [...(ids.get(productId) ?? []), findingId(finding)]);
  const [first, ...rest] = [...ids].map(([product, found]) =>
    m.withNote(productName(context, product), joined(context, found, IDS)),
  );
  if (first === undefined) return [];
  const left = rest.length - (PRODUCTS - 1);
  const more = left > 0 ? [m.glance.more(left)] : [];
  return [{ text: first, sub: [...rest.slice(0, PRODUCTS - 1), ...more], blanks: 1 }];
}

function providersCell(context: Context): SheetCell {
  const { m, snapshot } = context;
  const told = snapshot.sites.flatMap(({ id }) => {
    const { provider } = siteAnswerOf(context, id);
    return provider === undefined
      ? []
      : [m.owner.ask.providerOf(siteName(context, id), answerText(provider))];
  });
  const [first, ...rest] = told.slice(0, PROVIDERS);
  return first === undefined
    ? { text: '', blanks: 1 }
    : { text: first, sub: [...rest, context.m.owner.told] };
}

function contactCell(context: Context, { id, contact }: Site): SheetCell {
  const told = siteAnswerOf(context, id)['local-contact'];
  const file = contact === undefined || contact === '' ? undefined : showable(contact, 100);
  const { owner, finding } = context.m;
  if (told !== undefined)
    return {
      text: answerText(told),
      sub: [owner.told, ...(file === undefined ? [] : [finding.contact(file)])],
    };
  return file === undefined ? { text: owner.ask.notInFile, blanks: 1 } : { text: file };
}

function managementCell(context: Context): SheetCell {
  const { ask } = context.m.owner;
  const told = context.answers.management ?? {};
  const mayTell = told['may-tell'];
  return answersCell(context, [
    { name: ask.mayStop, text: told['may-stop'] },
    { name: ask.decides, text: told.decides },
    { name: ask.mayTell, text: mayTell === undefined ? undefined : yesNoText(context, mayTell) },
  ]);
}

function sitesSheet(context: Context): SheetView {
  const { snapshot } = context;
  const { ask, answer } = context.m.owner;
  return {
    id: 'ask-sites',
    title: ask.sitesSheet,
    note: context.m.lines([ask.sitesNote, ...answeredNote(context)]),
    inside: '',
    columns: [
      { text: ask.site, width: 28 },
      { text: ask.line, width: 24 },
      { text: ask.local, width: 24 },
      { text: ask.behind, width: 24 },
    ],
    rows: snapshot.sites.slice(0, SITES).map((site) => {
      const told = siteAnswerOf(context, site.id);
      const line = [told.line, told.provider].filter((text) => text !== undefined);
      const contact = contactCell(context, site);
      const note = told.note === undefined ? [] : [context.m.label(answer.note, answerText(told.note))];
      return [
        siteCell(context, site, note),
        answerCell(context, line.length === 0 ? undefined : line.join(context.m.listSeparator)),
        contact.blanks === undefined ? contact : { text: '', blanks: 1 },
        answerCell(context, told.behind),
      ];
    }),
    more:
      snapshot.sites.length > SITES
        ? context.m.owner.normal.moreSites(snapshot.sites.length - SITES)
        : undefined,
  };
}

function siteCell(context: Context, { id, ranges }: Site, note: readonly string[]): SheetCell {
  const { ask } = context.m.owner;
  const seen = context.snapshot.services.filter(({ siteId }) => siteId === id).length;
  const list = ranges.map((range) => showable(range, 60));
  return {
    text: siteName(context, id),
    sub: [
      siteKind(context, id),
      joined(context, list, 4),
      seen === 0 ? ask.noneThere : ask.placesThere(seen),
      ...note,
    ].filter((text) => text !== ''),
  };
}

function unknownBlocks(context: Context): Block[] {
  const { ask } = context.m.owner;
  const { findings, sites } = unknownIds(context.answers, context.snapshot);
  const ids = [...findings, ...sites].map((id) => showable(id, 40));
  if (ids.length === 0) return [];
  return [
    { kind: 'heading', text: ask.unknownTitle },
    { kind: 'text', text: ask.unknown },
    { kind: 'list', style: 'bullets', items: [joined(context, ids, UNKNOWN)] },
  ];
}
