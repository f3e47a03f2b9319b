/** Findings and doors as sheets of the spreadsheet: all of them, where the pages show the most urgent. */
import { showable } from '../../lib/hostile-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import type { Cell } from '../view-model.ts';
import type { SheetCell, SheetColumn, SheetView } from '../view-model-sections.ts';
import {
  anchorOf,
  className,
  findingId,
  markOf,
  portText,
  siteName,
  type Context,
  type Entry,
} from './context.ts';
import { groundText } from './finding.ts';
import {
  authenticationCell,
  declaredCell,
  ownCell,
  patchCell,
  productCell,
  recordCell,
  versionText,
} from './words.ts';

/** Far more than anybody works through by hand. */
const ROWS = 5000;

export function buildWorksheets(context: Context): SheetView[] {
  return [findingsSheet(context), doorsSheet(context)];
}

function findingsSheet(context: Context): SheetView {
  const { m, findings } = context;
  const say = m.files.sheets;
  const { columns } = say;
  const rows = findings.slice(0, ROWS).flatMap((finding) => {
    const service = context.service(finding.subject);
    return service === undefined ? [] : [findingRow(context, finding, service)];
  });
  return {
    id: 'all-findings',
    title: say.findings,
    note: undefined,
    columns: [
      { text: columns.id, width: 6 },
      { text: columns.priority, width: 5 },
      { text: columns.trace, width: 6 },
      { text: columns.certainty, width: 5 },
      ...placeColumns(context),
      { text: columns.product, width: 10 },
      { text: columns.version, width: 7 },
      { text: columns.authentication, width: 11 },
      { text: columns.ground, width: 14 },
      { text: columns.firstSeen, width: 8 },
      { text: columns.lastSeen, width: 8 },
      { text: columns.done, width: 4 },
      { text: columns.by, width: 6 },
      { text: columns.note, width: 8 },
    ],
    rows,
    more: moreText(context, findings.length),
  };
}

function findingRow(context: Context, finding: Finding, service: Service): SheetCell[] {
  const { m, dates } = context;
  return [
    idCell({ service, finding }, context),
    { text: m.ids.priority[finding.priority] },
    { text: `${finding.trace} ${m.ids.trace[finding.trace]}` },
    { text: m.ids.certainty[finding.certainty] },
    ...placeCells(context, { service, finding }),
    { text: productCell(context, service).text },
    { text: versionText(context, service) },
    asCell(authenticationCell(context, service)),
    { text: groundText(context, finding) },
    { text: dates.numeric(finding.firstSeen) },
    { text: dates.numeric(finding.lastSeen) },
    { text: '', ticks: [m.files.sheets.done] },
    { text: '', blanks: 1 },
    { text: '', blanks: 1 },
  ];
}

function doorsSheet(context: Context): SheetView {
  const say = context.m.files.sheets;
  const { columns } = say;
  const doors = context.entries.filter(
    ({ service, finding }) => (finding?.inputs.role ?? service.role) === 'door',
  );
  return {
    id: 'all-doors',
    title: say.doors,
    note: context.m.doors.note(context.dates.zone),
    columns: [
      { text: columns.id, width: 6 },
      ...placeColumns(context),
      { text: columns.product, width: 13 },
      { text: columns.authentication, width: 10 },
      { text: columns.patch, width: 12 },
      { text: columns.own, width: 11 },
      { text: columns.record, width: 10 },
      { text: columns.declared, width: 10 },
    ],
    rows: doors.slice(0, ROWS).map((entry) => {
      const { service, finding } = entry;
      return [
        idCell(entry, context),
        ...placeCells(context, entry),
        asCell(productCell(context, service)),
        asCell(authenticationCell(context, service)),
        asCell(patchCell(context, service, finding)),
        asCell(ownCell(context, service)),
        asCell(recordCell(context, service)),
        asCell(declaredCell(context, service)),
      ];
    }),
    more: moreText(context, doors.length),
  };
}

function moreText({ m }: Context, all: number): string | undefined {
  return all > ROWS ? m.files.sheets.more(all - ROWS) : undefined;
}

function placeColumns({ m }: Context): SheetColumn[] {
  const { columns } = m.files.sheets;
  return [
    { text: columns.site, width: 8 },
    { text: columns.address, width: 10 },
    { text: columns.port, width: 7 },
    { text: columns.kind, width: 9 },
  ];
}

function placeCells(context: Context, { service, finding }: Entry): SheetCell[] {
  return [
    { text: siteName(context, finding?.siteId ?? service.siteId) },
    { text: showable(service.address, 80) },
    { text: portText(service) },
    { text: className(context, service.class) },
  ];
}

function idCell({ finding }: Entry, { m }: Context): SheetCell {
  if (finding === undefined) return { text: m.dash };
  return { text: findingId(finding), mark: { ...markOf(finding), anchor: anchorOf(finding) } };
}

function asCell({ text, sub }: Cell): SheetCell {
  return { text, sub };
}
