import type { HttpAnswer, HttpFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { HttpMethods, IndicatorCheck } from '../../../../model/web.ts';
import type { ProbeContext } from '../../probe.ts';
import { MAX_BODY_BYTES, readAnswer, type Page } from './answer.ts';
import type { FaviconFacts } from './favicon.ts';
import { originText } from './origin.ts';
import type { SafeMethod } from './strict-get.ts';
import type { WebSession } from './web-session.ts';

const MAX_REQUESTS = 24;
const MAX_FAILURES = 2;

/** State of the look at one web server. */
export interface Walk {
  readonly context: ProbeContext;
  /** The server that is looked at; another session after a redirect to another name of the same port. */
  home: WebSession;
  /** Last page of `home` that the redirects led to. */
  front: Page | undefined;
  readonly answers: HttpAnswer[];
  readonly evidence: Evidence[];
  readonly notFollowed: HttpFacts['notFollowed'];
  readonly asked: Set<string>;
  requests: number;
  /** Requests in a row that timed out or were cut off. */
  failures: number;
  catchAll: boolean | undefined;
  methods: HttpMethods | undefined;
  indicators: IndicatorCheck | undefined;
  favicon: FaviconFacts | undefined;
}

export function createWalk(context: ProbeContext, home: WebSession): Walk {
  return {
    context,
    home,
    front: undefined,
    answers: [],
    evidence: [],
    notFollowed: [],
    asked: new Set(),
    requests: 0,
    failures: 0,
    catchAll: undefined,
    methods: undefined,
    indicators: undefined,
    favicon: undefined,
  };
}

/** May one more request be sent, with `kept` of them held back? */
export function isRoom(walk: Walk, kept = 0): boolean {
  return walk.requests < MAX_REQUESTS - kept && walk.failures < MAX_FAILURES && !walk.context.signal.aborted;
}

interface VisitOptions {
  /** false: the answer is not added to the answers (pictures). */
  readonly keep?: boolean;
  readonly bodyLimit?: number;
  readonly control?: boolean;
  readonly method?: SafeMethod;
}

/** One request, when there is room and it has not been sent before. undefined without an answer. */
export async function visit(
  walk: Walk,
  session: WebSession,
  path: string,
  { keep = true, bodyLimit = MAX_BODY_BYTES, control = false, method = 'GET' }: VisitOptions = {},
): Promise<Page | undefined> {
  const name = `${originText(session.origin)}${path}`;
  const isNew = !walk.asked.has(`${method} ${name}`);
  // What a server offers is asked beside the pages: it takes no page's place.
  if (!isRoom(walk, method === 'OPTIONS' ? -1 : 0) || !isNew) return undefined;
  walk.asked.add(`${method} ${name}`);
  walk.requests += 1;
  const elsewhere = isElsewhere(walk, session);
  const exchange = await session.ask({ method, path, bodyLimit, label: elsewhere ? name : path });
  if (exchange.evidence !== undefined) walk.evidence.push(exchange.evidence);
  walk.failures = exchange.failure === undefined ? 0 : walk.failures + 1;
  if (exchange.answer === undefined) return undefined;
  const page = await readAnswer(exchange.answer, path, { limit: bodyLimit, method });
  if (keep)
    walk.answers.push({
      ...page.answer,
      ...(control && { control }),
      ...(elsewhere && { origin: originText(session.origin) }),
    });
  return page;
}

/** Another port or scheme of this address: its answers belong to another service. */
export function isElsewhere({ home }: Walk, { origin }: WebSession): boolean {
  return origin.scheme !== home.origin.scheme || origin.port !== home.origin.port;
}
