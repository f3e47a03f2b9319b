/** What shows from outside when others use a place: facts of this run, each with the kind of sign that it is. */
import { showable } from '../../lib/hostile-text.ts';
import type { Concern } from '../../model/facts.ts';
import type { Service } from '../../model/service.ts';
import type { Change } from '../../model/snapshot.ts';
import { textOf, type Messages } from '../messages/index.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { idCell, judged, type Judged } from './answered.ts';
import { sortedChanges } from './changes.ts';
import {
  findingId,
  joined,
  placeText,
  productName,
  serviceName,
  shortName,
  siteName,
  type Context,
} from './context.ts';

type SignKind = keyof Messages['rescuer']['signs']['kinds'];

interface Sign {
  readonly kind: SignKind;
  readonly where: SheetCell;
  readonly seen: SheetCell;
  /** Of changes: those alike are told at once. */
  readonly like?: string;
}

const NAMED = 5;
/** Enough of a hash to compare by eye. */
const FINGERPRINT = 16;
const OPEN_RELAYS: readonly Concern[] = ['open-recursion', 'amplifier'];
/** Of the products that are known by that name, see `config/products/network-service/`. */
const PROXY = 'open-proxy';

/** Most telling kinds first; at one kind in the order of the findings. */
export function signsOf(context: Context): Sign[] {
  const all = [
    ...judged(context).flatMap((one) => signsOfPlace(context, one)),
    ...sortedChanges(context.snapshot.changes).flatMap((change) => signOfChange(context, change)),
  ];
  const kinds = Object.keys(context.m.rescuer.signs.kinds);
  return together(context, all).toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

function together(context: Context, signs: readonly Sign[]): Sign[] {
  const groups = new Map<string, Sign[]>();
  for (const [index, sign] of signs.entries()) {
    const key = sign.like ?? `${index}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [sign]);
    else known.push(sign);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    const ids = joined(
      context,
      others.map(({ where }) => where.text),
      NAMED,
    );
    const more = context.m.rescuer.visit.others(others.length, ids);
    return [{ ...first, where: { ...first.where, sub: [...(first.where.sub ?? []), more] } }];
  });
}

function signsOfPlace(context: Context, one: Judged): Sign[] {
  const { m } = context;
  const say = m.rescuer.signs.seen;
  const { finding, service } = one;
  const where = idCell(finding, [
    shortName(context, service.class),
    siteName(context, finding.siteId ?? service.siteId),
    placeText(service),
  ]);
  const at = (kind: SignKind, text: string, sub: readonly string[] = []): Sign => ({
    kind,
    where,
    seen: { text, sub: [...sub, m.rescuer.hypotheses.certainty(m.ids.certainty[finding.certainty])] },
  });
  return [
    ...(service.class === 'c2-indicator'
      ? [at('c2', say.c2(serviceName(context, service)), candidateNames(context, service))]
      : []),
    ...(service.class === 'coin-miner' ? [at('miner', say.miner(serviceName(context, service)))] : []),
    ...indicatorSigns(context, service, at),
    ...recordSigns(context, one, at),
    ...(isOpenProxy(service) ? [at('proxy', say.proxy(serviceName(context, service)))] : []),
    ...relaySigns(context, service, at),
  ];
}

type At = (kind: SignKind, text: string, sub?: readonly string[]) => Sign;

/** Products that a suspected place may also be: an honest tool and an attacker's can look alike. */
function candidateNames(context: Context, { candidates }: Service): string[] {
  if (candidates.length === 0) return [];
  const names = candidates.map(({ productId }) => productName(context, productId));
  return [context.m.finding.candidates(joined(context, names, NAMED))];
}

function indicatorSigns({ m, lang }: Context, { indicators }: Service, at: At): Sign[] {
  const answers = indicators?.answers ?? [];
  if (answers.length === 0) return [];
  const paths = answers
    .slice(0, NAMED)
    .map((one) => m.withNote(showable(one.path, 100), showable(one.campaign[lang], 80)));
  const rest = answers.length - paths.length;
  return [
    at('shell', m.rescuer.signs.seen.shell(answers.length), [...paths, ...(rest > 0 ? [`+${rest}`] : [])]),
  ];
}

/** A source says that others already use the place, and nothing that was seen here accounts for the judgement. */
function recordSigns({ m }: Context, { finding, service }: Judged, at: At): Sign[] {
  const isKind = service.class === 'c2-indicator' || service.class === 'coin-miner';
  const isShell = (service.indicators?.answers.length ?? 0) > 0;
  if (!finding.inputs.misuse || isKind || isShell) return [];
  const tags = (service.passiveTags ?? []).slice(0, NAMED).map((tag) => showable(tag, 40));
  const say = m.rescuer.signs.seen;
  return [at('record', tags.length === 0 ? say.judged : say.record(tags.join(m.listSeparator)))];
}

/** A proxy that lets strangers in, or whose product is known for it. */
function isOpenProxy({ protocol, identity, authentication }: Service): boolean {
  return (protocol === 'socks' && authentication.kind === 'none') || identity?.productId === PROXY;
}

function relaySigns({ m }: Context, { concerns = [] }: Service, at: At): Sign[] {
  const found = OPEN_RELAYS.filter((one) => concerns.includes(one)).map((one) => textOf(m.ids.concern, one));
  const [first, ...rest] = found;
  return first === undefined ? [] : [at('relay', first, rest)];
}

/** Changes that nobody has given a reason for: a page, a door that was not there before, a certificate. */
function signOfChange(context: Context, change: Change): Sign[] {
  const { m, dates } = context;
  const say = m.rescuer.signs.seen;
  if (change.ticket !== undefined) return [];
  const where = changeCell(context, change);
  if (change.kind === 'content-changed') {
    const details = change.details
      .slice(0, NAMED)
      .map(({ what, from, to }) =>
        m.changes.detail(textOf(m.ids.fact, what), showable(from, 60), showable(to, 60)),
      );
    return [{ kind: 'page', where, seen: { text: say.page, sub: details } }];
  }
  if (change.kind === 'new' || change.kind === 're-opened') {
    if (!isUnexplainedDoor(context, change)) return [];
    const text = say.door(m.ids.changeKind[change.kind].name, dates.numeric(change.firstSeen));
    return [{ kind: 'door', where, seen: { text }, like: `${change.siteId} ${change.class} ${text}` }];
  }
  const certificate = change.details.find(({ what }) => what === 'certificate');
  if (change.kind !== 'changed' || certificate === undefined) return [];
  return [{ kind: 'certificate', where, seen: { text: say.certificate, sub: [fingerprints(certificate)] } }];
}

/** What leads inside, or what nobody can name, and the organisation file does not declare. */
function isUnexplainedDoor({ knowledge, snapshot, service }: Context, change: Change): boolean {
  const role = service(change.subject)?.role ?? knowledge.classes[change.class].role;
  const isDeclared = snapshot.expected.some(({ key }) => key === change.subject);
  return !isDeclared && (role === 'door' || change.class === 'unknown');
}

function fingerprints({ from, to }: Change['details'][number]): string {
  const short = (text: string): string => showable(text, 200).slice(0, FINGERPRINT);
  return `${short(from)}… → ${short(to)}…`;
}

function changeCell(context: Context, change: Change): SheetCell {
  const { findings } = context;
  const finding = findings.find(({ key }) => key === change.key);
  const about = [
    shortName(context, change.class),
    siteName(context, change.siteId),
    showable(change.subject, 80),
  ];
  const { priority, trace } = change;
  return finding === undefined
    ? { text: findingId(change), sub: about, mark: { priority, trace, unowned: false, anchor: undefined } }
    : idCell(finding, about);
}
