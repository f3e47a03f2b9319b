/** The opt-in look for paths that public reports name for a campaign. Nothing is sent but GET and HEAD without a body. */
import type { HttpAnswer } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { IndicatorAnswer, IndicatorCheck, IndicatorPath } from '../../../../model/web.ts';
import { readAnswer } from './answer.ts';
import { isSameAnswer } from './likeness.ts';
import { looksLikeErrorPage } from './page.ts';
import type { Walk } from './walk.ts';

const MAX_REQUESTS = 90;
const MAX_FAILURES = 2;
/** A page is compared, not kept. */
const BODY_LIMIT = 32 * 1024;

/** Web application firewalls know the same names, and some say so with status 200 (F5, Imperva). */
const BLOCKED =
  /\b(?:incident id|support id|requested url was rejected|request blocked|web application firewall|has been blocked)\b/i;

/** How made-up neighbours are answered. `stable`: two of them were answered alike. */
interface Neighbours {
  readonly first: HttpAnswer;
  readonly stable: boolean;
}

interface State {
  readonly walk: Walk;
  readonly random: () => string;
  /** By folder, ending and method. */
  readonly neighbours: Map<string, Neighbours | undefined>;
  readonly skipped: Set<IndicatorCheck['skipped'][number]>;
  requests: number;
  failures: number;
}

/**
 * Asks for each path and, in the same folder and with the same ending, for names that cannot exist. A path counts only when
 * it is answered unlike two of those that are answered alike, twice.
 *
 * @param known ids of products that any fact of this server hints at.
 */
export async function askIndicators(
  walk: Walk,
  paths: readonly IndicatorPath[],
  known: ReadonlySet<string>,
  random: () => string,
): Promise<IndicatorCheck> {
  const state: State = { walk, random, neighbours: new Map(), skipped: new Set(), requests: 0, failures: 0 };
  const fitting = paths.filter(
    ({ products }) => products.length === 0 || products.some((product) => known.has(product)),
  );
  // Where every path gets a page, only a text that the page must hold can tell one from another.
  const wanted = walk.catchAll === true ? fitting.filter(({ contains }) => contains !== undefined) : fitting;
  if (wanted.length < fitting.length) state.skipped.add('catch-all');
  const answers: IndicatorAnswer[] = [];
  let asked = 0;
  for (const one of wanted) {
    if (!isRoom(state)) {
      state.skipped.add('no-room');
      break;
    }
    const neighbours = await neighboursOf(state, one);
    if (neighbours === undefined) continue;
    asked += 1;
    const answer = await askTwice(state, one, neighbours);
    if (answer !== undefined) answers.push(answer);
  }
  return { asked, skipped: [...state.skipped], answers };
}

function isRoom({ walk, requests, failures }: State): boolean {
  // The last path needs up to five requests: two neighbours, itself, and both again.
  return requests < MAX_REQUESTS - 5 && failures < MAX_FAILURES && !walk.context.signal.aborted;
}

/** undefined: nothing to compare with. */
async function neighboursOf(state: State, one: IndicatorPath): Promise<Neighbours | undefined> {
  const { folder, ending } = partsOf(one.path);
  const key = `${one.method} ${folder} ${ending}`;
  if (!state.neighbours.has(key)) {
    const first = await ask(state, one.method, neighbourOf(one.path, state.random()));
    const second = await ask(state, one.method, neighbourOf(one.path, state.random()));
    const pair = first === undefined || second === undefined ? undefined : { first, second };
    state.neighbours.set(
      key,
      pair && { first: pair.first.answer, stable: isSameAnswer(pair.first.answer, pair.second.answer) },
    );
  }
  const found = state.neighbours.get(key);
  if (found?.stable === true) return found;
  if (found !== undefined) state.skipped.add('unstable');
  return undefined;
}

async function askTwice(
  state: State,
  one: IndicatorPath,
  { first }: Neighbours,
): Promise<IndicatorAnswer | undefined> {
  const asked = await ask(state, one.method, one.path);
  if (asked === undefined || !stands(one, asked.answer, first)) return undefined;
  // A server that has just been restarted, or grows tired of us, answers differently for a reason of its own.
  const neighbour = await ask(state, one.method, neighbourOf(one.path, state.random()));
  const again = await ask(state, one.method, one.path);
  if (neighbour === undefined || again === undefined) return undefined;
  if (!isSameAnswer(neighbour.answer, first) || !stands(one, again.answer, neighbour.answer))
    return undefined;
  for (const { evidence } of [asked, neighbour])
    if (evidence !== undefined) state.walk.evidence.push(evidence);
  const { id, method, path, campaign, about, source } = one;
  return {
    id,
    method,
    path,
    ...sizeOf(asked.answer),
    control: { path: neighbour.answer.path, ...sizeOf(neighbour.answer) },
    campaign: { ...campaign },
    about: { ...about },
    source: { ...source },
  };
}

function stands({ statuses, contains }: IndicatorPath, answer: HttpAnswer, neighbour: HttpAnswer): boolean {
  if (!statuses.includes(answer.status)) return false;
  if (contains === undefined) {
    if (looksLikeErrorPage(answer.title, answer.body) || BLOCKED.test(answer.body.slice(0, 4000)))
      return false;
  } else if (!answer.body.includes(contains)) return false;
  return !isSameAnswer(answer, neighbour);
}

function sizeOf({ status, bodyBytes }: HttpAnswer): { status: number; bodyBytes: number } {
  return { status, bodyBytes };
}

async function ask(
  state: State,
  method: 'GET' | 'HEAD',
  path: string,
): Promise<{ answer: HttpAnswer; evidence: Evidence | undefined } | undefined> {
  if (state.failures >= MAX_FAILURES || state.walk.context.signal.aborted) return undefined;
  state.requests += 1;
  const {
    answer: raw,
    failure,
    evidence,
  } = await state.walk.home.ask({ method, path, bodyLimit: BODY_LIMIT });
  state.failures = failure === undefined ? 0 : state.failures + 1;
  if (raw === undefined || failure !== undefined) return undefined;
  const { answer } = await readAnswer(raw, path, { limit: BODY_LIMIT, method });
  return { answer, evidence };
}

/** "/a/.b.php" → "/a/", ".php", and whether the name is hidden. */
function partsOf(path: string): { folder: string; ending: string; isHidden: boolean } {
  const cut = path.lastIndexOf('/') + 1;
  const name = path.slice(cut);
  const isHidden = name.startsWith('.');
  const dot = name.lastIndexOf('.');
  return { folder: path.slice(0, cut), ending: dot > 0 ? name.slice(dot) : '', isHidden };
}

/** Letters first: a server may have rules for names of digits. */
function neighbourOf(path: string, random: string): string {
  const { folder, ending, isHidden } = partsOf(path);
  return `${folder}${isHidden ? '.' : ''}sekisho${random.slice(0, 8)}${ending}`;
}
