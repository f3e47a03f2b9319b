import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import type { FindingRow, FindingsView, FindingTable, FindingView } from '../view-model.ts';
import { anchorOf, findingId, markOf, type Context } from './context.ts';
import type { EvidenceShelf } from './evidence.ts';
import { buildFinding, groundText } from './finding.ts';
import { ownLook } from './passive.ts';
import { authenticationCell, patchCell, placeCell, productCell } from './words.ts';

/** Printed with all their parts, however alike. */
const COMPLETE = 12;
/** Printed as articles at all; what is alike then points to the first of its kind. The rest goes to a table. */
const ARTICLES = 80;
const ROWS = 200;

interface Subject {
  readonly finding: Finding;
  readonly service: Service;
}

export function buildFindings(context: Context, shelf: EvidenceShelf): FindingsView {
  const { m } = context;
  const subjects = context.findings.flatMap((finding): Subject[] => {
    const service = context.service(finding.subject);
    return service === undefined ? [] : [{ finding, service }];
  });
  const work = subjects.filter(({ finding }) => finding.priority !== 'P4');
  const know = subjects.filter(({ finding }) => finding.priority === 'P4');
  const full = articles(context, work.slice(0, ARTICLES), shelf);
  const tables: FindingTable[] = [];
  const rest = work.slice(ARTICLES);
  if (rest.length > 0) {
    tables.push({ title: m.finding.restTitle, note: m.finding.restNote(ARTICLES), ...table(context, rest) });
  }
  if (know.length > 0) {
    tables.push({ title: m.finding.tableTitle, note: m.finding.tableNote, ...table(context, know) });
  }
  return {
    lead:
      subjects.length === 0
        ? nothingText(context)
        : m.finding.lead(full.length, subjects.length - full.length),
    full,
    tables,
  };
}

function nothingText(context: Context): string {
  return ownLook(context) === 'looked' ? context.m.finding.none : context.m.passive.noFindings;
}

function articles(context: Context, subjects: readonly Subject[], shelf: EvidenceShelf): FindingView[] {
  const explained = new Map<string, string>();
  return subjects.map(({ finding, service }, index) => {
    const key = `${service.class} ${finding.trace}`;
    const like = index < COMPLETE ? undefined : explained.get(key);
    if (like === undefined) explained.set(key, findingId(finding));
    return buildFinding(context, { finding, service, like }, shelf);
  });
}

function table(context: Context, subjects: readonly Subject[]): Pick<FindingTable, 'rows' | 'more'> {
  return {
    rows: subjects.slice(0, ROWS).map((subject) => row(context, subject)),
    more: subjects.length > ROWS ? context.m.finding.tableMore(subjects.length - ROWS) : undefined,
  };
}

function row(context: Context, { finding, service }: Subject): FindingRow {
  const { dates, m } = context;
  const authentication = authenticationCell(context, service).text;
  const days = dates.daysBetween(finding.firstSeen, context.snapshot.endedAt) ?? 0;
  return {
    ...markOf(finding),
    id: findingId(finding),
    anchor: anchorOf(finding),
    place: placeCell(context, service),
    what: productCell(context, service),
    reading: {
      text: patchCell(context, service, finding).text,
      sub: [m.label(m.doors.authentication, authentication), groundText(context, finding)],
    },
    since: { text: dates.numeric(finding.firstSeen), sub: [m.finding.daysOpen(days)] },
  };
}
