/** Hits and the breadth of the search as lines for people and for scripts. What came from the network is made fit to show. */
import { jsonLine, showable } from '../lib/hostile-text.ts';
import { daysBetween, instantMs } from '../lib/time.ts';
import type { Answer } from './ask-match.ts';
import type { AskKnowledge, Question } from './ask-question.ts';
import type { Hit } from './ask-hits.ts';
import { alignedRows } from './table.ts';

/** How far the search went: "none" means nothing without it. */
export interface Breadth {
  readonly organisations: number;
  readonly runs: number;
  /** Newest run of each vantage point of each organisation: everything "now" rests on these. */
  readonly newest: readonly {
    readonly organisation: string;
    readonly vantage: string;
    readonly run: string;
    readonly endedAt: string;
    readonly passive: boolean;
    readonly complete: boolean;
  }[];
  /** Imported files that no run has taken in yet. */
  readonly imports: number;
  /** `what`: a run id, or the path of an imported file. */
  readonly unread: readonly { readonly organisation: string; readonly what: string; readonly why: string }[];
}

const ANSWER_TEXTS: Readonly<Record<Answer, string>> = {
  affected: 'affected',
  'version-unknown': 'version unknown',
  'to-confirm': 'to confirm',
  'passive-hint': 'passive hint',
  shown: 'shown',
  maybe: 'maybe',
  text: 'by text',
  'not-affected': 'not affected by version',
};

export function hitRows(hits: readonly Hit[], knowledge: AskKnowledge): string[] {
  return alignedRows(
    hits.map((hit) =>
      [
        ANSWER_TEXTS[hit.match.answer],
        stateText(hit),
        hit.organisation.id,
        hit.place,
        productText(hit, knowledge),
        versionText(hit),
        `${day(hit.since)} – ${day(hit.until)}`,
        hit.sources.join(', '),
        `from ${showable(hit.vantage, 40)}`,
        hit.run ?? `file ${hit.files.join(', ')}`,
        hit.asked,
      ].map((cell) => showable(cell, 80)),
    ),
  );
}

function stateText({ state, look, until, asOf }: Hit): string {
  switch (state) {
    case 'now':
      return `now (as of ${day(asOf)})`;
    case 'recorded':
      return `in records only, ${look === 'closed' ? 'refused' : 'no answer'} on ${day(asOf)}`;
    case 'imported':
      return `only in an imported file (${day(until)})`;
    case 'was':
      return `was there, last seen ${day(until)}, ${LOOKS_SINCE[look]}`;
  }
}

const LOOKS_SINCE = {
  open: 'something answers there now',
  closed: 'refused since',
  'no-answer': 'no answer since',
  'not-looked': 'not looked at since',
} as const;

function productText({ match, service }: Hit, { products, classes }: AskKnowledge): string {
  const id = match.identity?.productId;
  if (id === undefined) return service.label ?? classes[service.class].short.en;
  const name = products.get(id)?.name ?? id;
  return match.identity?.certainty === 'confirmed' ? name : `${name} (${match.identity?.certainty})`;
}

function versionText({ match, service }: Hit): string {
  const version = match.identity === service.identity ? service.version : match.identity?.version;
  if (version?.state !== 'known') return 'version unknown';
  return version.certainty === 'confirmed' ? version.value : `${version.value} (${version.certainty})`;
}

function day(at: string | undefined): string {
  return at === undefined ? 'unknown' : at.slice(0, 10);
}

export function hitJson(hit: Hit, { products }: AskKnowledge): string {
  const { match, service } = hit;
  const id = match.identity?.productId;
  const version = match.identity === service.identity ? service.version : match.identity?.version;
  return jsonLine({
    kind: 'hit',
    asked: hit.asked,
    answer: match.answer,
    state: hit.state,
    look: hit.look,
    organisation: hit.organisation,
    place: hit.place,
    address: service.address,
    port: service.port,
    transport: service.transport,
    siteId: service.siteId ?? null,
    class: service.class,
    product:
      id === undefined
        ? null
        : { id, name: products.get(id)?.name ?? null, certainty: match.identity?.certainty },
    version: version?.state === 'known' ? { value: version.value, certainty: version.certainty } : null,
    label: service.label ?? null,
    since: hit.since ?? null,
    until: hit.until ?? null,
    openSince: hit.openSince ?? null,
    sources: hit.sources,
    run: hit.run ?? null,
    files: hit.files,
    vantage: hit.vantage,
    asOf: hit.asOf,
  });
}

/** How each word was understood, and what that leaves out. */
export function questionLines(questions: readonly Question[]): string[] {
  return questions.flatMap((question) => {
    const word = showable(question.word, 100);
    if (question.kind === 'product') return [];
    if (question.kind === 'cve') {
      if (question.products.size > 0) {
        const names = [...question.products.values()].map(({ name }) => name);
        return [`${question.cve} touches: ${names.join(', ')}.`];
      }
      const listed =
        question.listed === undefined
          ? ''
          : ` The known-exploited list has it for ${showable(`${question.listed.vendor} ${question.listed.product}`, 120)}: ask for that product too.`;
      return [
        `${question.cve} is in no product file, so releases cannot be judged; only what passive sources name it for is found.${listed}`,
      ];
    }
    const wanted =
      question.wanted.length === 0
        ? ''
        : ` ${question.wanted.join(', ')} is known by name only: nobody has published what it answers, so it is never recognised.`;
    const near = question.near.length === 0 ? '' : ` Similar names: ${question.near.join('; ')}.`;
    return [
      `No product, maker or kind is known under "${word}": looked for that text in labels, names, certificates and answers.${wanted}${near}`,
    ];
  });
}

export function breadthLines(
  { organisations, runs, newest, imports, unread }: Breadth,
  now: string,
): string[] {
  const ends = newest.map(({ endedAt }) => endedAt).toSorted();
  const [oldest, latest] = [ends[0], ends.at(-1)];
  const dates =
    latest === undefined
      ? ''
      : ` "Now" rests on ${newest.length} newest ${newest.length === 1 ? 'run' : 'runs'}, one for each organisation and vantage point: the newest of ${aged(latest, now)}, the oldest of ${aged(oldest ?? latest, now)}.`;
  const blind = newest.filter(({ passive, complete }) => passive || !complete);
  return [
    `Looked through ${runs} ${runs === 1 ? 'run' : 'runs'} of ${organisations} ${organisations === 1 ? 'organisation' : 'organisations'}${imports === 0 ? '' : `, and ${imports} imported ${imports === 1 ? 'file' : 'files'} not yet in a run`}.${dates}`,
    ...blind.map(
      ({ organisation, run, passive, complete }) =>
        `Not everything was looked at by ${organisation}/${run}: ${[...(passive ? ['it is passive'] : []), ...(complete ? [] : ['it was stopped before its end'])].join(', ')}.`,
    ),
    ...unread.map(
      ({ organisation, what, why }) => `Not read: ${organisation}/${what}: ${showable(why, 300)}`,
    ),
  ];
}

function aged(at: string, now: string): string {
  if (instantMs(at) === undefined) return showable(at, 30);
  const days = Math.max(0, daysBetween(at, now));
  return `${day(at)} (${days} ${days === 1 ? 'day' : 'days'} old)`;
}

export function breadthJson({ newest, ...rest }: Breadth, hits: readonly Hit[]): string {
  const ends = newest.map(({ endedAt }) => endedAt).toSorted();
  return jsonLine({
    kind: 'summary',
    hits: hits.length,
    now: hits.filter(({ state }) => state === 'now').length,
    ...rest,
    newestEndedAt: ends.at(-1) ?? null,
    oldestNewestEndedAt: ends[0] ?? null,
    newest,
  });
}
