import { errorText } from '../../../lib/app-error.ts';
import type { GreetingFacts, HttpAnswer } from '../../../model/facts.ts';
import type { Evidence } from '../../../model/observation.ts';
import { DialError, type Connection } from '../connection.ts';
import type { ProbeContext, ProbeResult } from '../probe.ts';
import type { TcpQuestion } from '../question.ts';
import { askQuestion, questionFor, withBeside } from './ask-question.ts';
import { withDeadline } from './deadline.ts';
import { classifyGreeting, isHttpAnswer, type GreetingKind } from './greeting/classify.ts';
import { hear } from './hear.ts';
import { askWeb } from './http/ask-web.ts';
import { lookInsideTls } from './inside-tls.ts';
import { besideTls, mustNotSpeak, planFor, type Attempt } from './plan.ts';
import { probeRdp } from './rdp/probe.ts';
import { Witnessed, receivedFirst } from './received-first.ts';
import { speakAs } from './speak-as.ts';
import { decodeText } from './text.ts';
import { lookAtTls, type TlsLook } from './tls/look.ts';

/** Longest time that the look at one port takes, give or take one answer. */
const TOTAL_MS = 20_000;
/** A server that speaks first mostly does so at once; until then no second connection is opened for TLS. */
const HEAD_START_MS = 250;

/** One look at one port, as it goes on. */
interface Look {
  readonly context: ProbeContext;
  /** Open, silent so far and used by nobody. */
  spare: Connection | undefined;
  readonly tried: Set<Attempt>;
  readonly evidence: Evidence[];
  /** What came of itself or as the answer to a question of another protocol, and belongs to none known here. */
  stray: GreetingFacts | undefined;
  note: string | undefined;
}

/**
 * What stands at a port, told by its answers: the port number decides only what is tried first. Listens for a server
 * that speaks first while TLS is tried beside it, then asks as a web client and for RDP; on the ports of other protocols
 * their questions come before. An answer to the wrong question is used. Never throws for what the network does.
 *
 * @param first a connection that is already open, e.g. from discovery; closed here.
 */
export async function converse(context: ProbeContext, first?: Connection): Promise<ProbeResult> {
  const timed = withDeadline(context, TOTAL_MS, first);
  const result = await converseWithin(timed.context, first).finally(() => timed.end());
  return timed.dripped() ? { ...result, facts: { ...result.facts, dripped: true } } : result;
}

async function converseWithin(context: ProbeContext, first: Connection | undefined): Promise<ProbeResult> {
  const isMute = mustNotSpeak(context.port);
  const look: Look = {
    context,
    spare: first,
    tried: new Set<Attempt>(isMute ? planFor(context.port).filter((one) => one !== 'listen') : []),
    evidence: [],
    stray: undefined,
    note: isMute ? 'only listened to: a printer would print whatever is sent to this port' : undefined,
  };
  try {
    return await firstAnswer(look);
  } catch (error) {
    return afterError(look, error, first === undefined);
  } finally {
    look.spare?.close();
  }
}

async function firstAnswer(look: Look): Promise<ProbeResult> {
  for (const attempt of planFor(look.context.port)) {
    if (look.context.signal.aborted) return nothingFound(look, 'aborted');
    const result = await make(attempt, look);
    if (result !== undefined) return result;
  }
  return nothingFound(look, 'open');
}

function afterError(look: Look, error: unknown, isFresh: boolean): ProbeResult {
  look.note ??= errorText(error);
  if (!(error instanceof DialError)) {
    // Ours, not the network's: one port is lost, not the run.
    look.context.log.error({ err: error, port: look.context.port }, 'a probe failed');
    return nothingFound(look, 'aborted');
  }
  // Something was said before, or at least the port was open: a later refusal does not take that back.
  const isFirst = isFresh && look.evidence.length === 0;
  return nothingFound(look, isFirst || error.status === 'aborted' ? error.status : 'open');
}

/** Each attempt is made once; one may have been made out of turn because an answer pointed to it. */
async function make(attempt: Attempt, look: Look): Promise<ProbeResult | undefined> {
  if (look.tried.has(attempt)) return undefined;
  look.tried.add(attempt);
  if (typeof attempt !== 'string') return tryQuestion(attempt, look);
  switch (attempt) {
    case 'listen':
      return listen(look);
    case 'tls':
      return tryTls(look);
    case 'web':
      return tryWeb(look);
    case 'rdp':
      return tryRdp(look);
  }
}

async function takeConnection(look: Look): Promise<Connection> {
  const { spare } = look;
  look.spare = undefined;
  return spare ?? look.context.dial();
}

async function listen(look: Look): Promise<ProbeResult | undefined> {
  const { context } = look;
  const connection = await takeConnection(look);
  const waitMs = context.greetingTimeoutMs;
  const headStartMs = Math.min(waitMs, HEAD_START_MS + 4 * connection.rttMs);
  const early = await hear(connection, headStartMs, context.answerTimeoutMs);
  if (early.received.length > 0) return speak(look, connection, early.received);
  if (early.isClosed) return closedSilently(look, connection);

  const beside = look.tried.has('tls') ? undefined : tlsBeside(look, connection);
  const late = await hear(connection, waitMs - headStartMs, context.answerTimeoutMs);
  if (late.received.length > 0) {
    const result = await speak(look, connection, late.received);
    const inside = await insideOf(look, await beside?.answer);
    return result === undefined || inside === undefined ? (result ?? inside) : merge(result, inside);
  }
  if (late.isClosed) connection.close();
  else look.spare = connection;
  // Silence takes time to be heard: the next questions need not wait for one another.
  const asked = beside?.isRunning() === true ? firstOf([make('web', look), make('rdp', look)]) : undefined;
  const inside = beside?.answer.then((answer) => insideOf(look, answer));
  const found = await firstOf([inside, asked]);
  return found ?? followStray(look, (await beside?.answer)?.stray ?? []);
}

interface TlsAnswer {
  readonly found: TlsLook | undefined;
  /** What came instead of TLS. */
  readonly stray: readonly Evidence[];
}

/**
 * TLS on a connection of its own. When it answers, or a web server does, waiting for a greeting is over. A greeting that
 * came there will come on the listening connection too, and is followed there.
 */
function tlsBeside(
  look: Look,
  listening: Connection,
): { readonly answer: Promise<TlsAnswer>; readonly isRunning: () => boolean } {
  look.tried.add('tls');
  let isRunning = true;
  const work = async (): Promise<TlsAnswer> => {
    try {
      const answer = await askTls(look, await look.context.dial());
      if (answer.found !== undefined || isHttpAnswer(receivedIn(answer.stray))) listening.close();
      return answer;
    } catch (error) {
      look.note ??= `TLS was not tried: ${errorText(error)}`;
      return { found: undefined, stray: [] };
    } finally {
      isRunning = false;
    }
  };
  return { answer: work(), isRunning: () => isRunning };
}

async function insideOf(look: Look, answer: TlsAnswer | undefined): Promise<ProbeResult | undefined> {
  if (answer?.found === undefined) return undefined;
  const inside = await lookInsideTls(look.context, answer.found);
  const sharing = besideTls(look.context.port).filter((question) => !look.tried.has(question));
  for (const question of sharing) look.tried.add(question);
  const asked = await Promise.all(
    sharing.map((question) => askQuestion(look.context, question, { isTls: false })),
  );
  const beside = asked.flatMap(({ result }) => result ?? []);
  return beside.reduce((whole, one) => merge(whole, one), inside);
}

function closedSilently(look: Look, connection: Connection): undefined {
  look.evidence.push(connection.evidence('greeting'));
  connection.close();
  look.note ??= 'the server closed the connection without a word';
  return undefined;
}

/** The conversation that fits the greeting; the connection is closed by it. */
async function speak(
  look: Look,
  connection: Connection,
  received: Uint8Array,
): Promise<ProbeResult | undefined> {
  const kind = classifyGreeting(received);
  const heard = receivedFirst(connection, received);
  const question = kind === undefined || kind === 'text' ? questionFor(received) : undefined;
  if (question !== undefined && !look.tried.has(question)) {
    look.tried.add(question);
    return tryQuestion(question, look, heard);
  }
  if (isHttpAnswer(received) || kind === undefined) {
    look.evidence.push(connection.evidence('greeting'));
    connection.close();
    if (isHttpAnswer(received)) return make('web', look);
    // Bytes that are no text: one character a byte, so that a pattern can name each.
    const text = Buffer.from(received.subarray(0, MAX_STRAY)).toString('latin1');
    look.stray ??= { protocol: 'answer', text };
    return undefined;
  }
  return speakAs(look.context, heard, kind);
}

async function tryTls(look: Look): Promise<ProbeResult | undefined> {
  const answer = await askTls(look, await takeConnection(look));
  return (await insideOf(look, answer)) ?? followStray(look, answer.stray);
}

async function askTls(look: Look, connection: Connection): Promise<TlsAnswer> {
  const witnessed = new Witnessed(connection);
  const found = await lookAtTls(look.context, witnessed, { jarm: look.context.jarm });
  connection.close();
  return { found, stray: found === undefined ? witnessed.allEvidence('tls hello') : [] };
}

async function tryWeb(look: Look): Promise<ProbeResult | undefined> {
  const isUsed = look.spare !== undefined;
  const connection = new Witnessed(await takeConnection(look));
  const began = performance.now();
  let web = await askWeb(look.context, 'http', connection);
  connection.close();
  // A server that was listened to for long may have hung up just before it was asked: that says nothing.
  if (web === undefined && isUsed && performance.now() - began < AT_ONCE_MS) {
    web = await askWeb(look.context, 'http');
  }
  if (web === undefined) return followStray(look, connection.allEvidence('http GET /'));
  const seen: ProbeResult = {
    protocol: 'http',
    status: 'open',
    facts: { http: web.facts },
    evidence: web.evidence,
  };
  const result = await withBeside(look.context, seen, false);
  if (!web.facts.answers.some((answer) => wantsTls(answer, look.context.port))) return result;
  const tls = await make('tls', look);
  return tls === undefined ? result : { ...tls, evidence: [...web.evidence, ...tls.evidence] };
}

/** The pages of nginx, Apache, Go, Tomcat and Jetty for plain HTTP that reaches a TLS port. */
const PLAIN_TO_TLS =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server|host and port requires TLS|requires? (?:the use of )?(?:SSL|TLS|HTTPS)/i;

/** The same port speaks TLS too, and says so. */
function wantsTls({ status, body, location }: HttpAnswer, port: number): boolean {
  if (status === 400) return PLAIN_TO_TLS.test(body);
  if (location === undefined || !URL.canParse(location)) return false;
  const target = new URL(location);
  return target.protocol === 'https:' && Number(target.port === '' ? 443 : target.port) === port;
}

async function tryRdp(look: Look): Promise<ProbeResult | undefined> {
  const { result, evidence } = await probeRdp(look.context, await takeConnection(look));
  return result ?? followStray(look, [evidence]);
}

/** The question of one protocol; `heard` is a connection on which the server has spoken already. */
async function tryQuestion(
  question: TcpQuestion,
  look: Look,
  heard?: Connection,
): Promise<ProbeResult | undefined> {
  const first = heard ?? (await takeConnection(look));
  const { result, evidence } = await askQuestion(look.context, question, { first, isTls: false });
  if (result === undefined) return followStray(look, evidence);
  if (question.besideTls !== true) return result;
  const tls = await make('tls', look);
  return tls === undefined ? result : merge(tls, result);
}

/** The first result that is one; undefined when all have ended without. */
async function firstOf(
  attempts: readonly (Promise<ProbeResult | undefined> | undefined)[],
): Promise<ProbeResult | undefined> {
  const running = attempts.filter((one) => one !== undefined);
  const found = running.map(async (one) => (await one) ?? Promise.reject(new Error('nothing found')));
  // What failed for another reason than finding nothing is heard from the promise itself.
  return Promise.any(found).catch(async () => (await Promise.all(running)).find((one) => one !== undefined));
}

/** Sooner than this nobody gives up waiting: the connection was closed. */
const AT_ONCE_MS = 400;
const TLS_ALERT = 0x15;
/** Most bytes of an answer that nobody understands which become a fact. */
const MAX_STRAY = 2048;

function receivedIn(evidence: readonly Evidence[]): Uint8Array {
  return Buffer.concat(evidence.map((one) => Buffer.from(one.received, 'base64')));
}

/** The echo service (RFC 862) and its like: the answer is our own question. */
function isEcho(evidence: readonly Evidence[]): boolean {
  return evidence.some(({ sent, received }) => sent !== '' && received === sent);
}

/** What answered a question of another protocol may say which one it is. */
async function followStray(look: Look, evidence: readonly Evidence[]): Promise<ProbeResult | undefined> {
  look.evidence.push(...evidence);
  const received = receivedIn(evidence);
  if (isHttpAnswer(received)) return make('web', look);
  if (received[0] === TLS_ALERT && received[1] === 3) return make('tls', look);
  if (isEcho(evidence)) return undefined;
  const kind = classifyGreeting(received);
  if (kind !== undefined && kind !== 'text') return speakAgain(look, kind);
  const question = questionFor(received);
  if (question !== undefined && !look.tried.has(question)) return make(question, look);
  if (kind === undefined) return undefined;
  look.stray ??= { protocol: 'unknown-text', text: decodeText(received) };
  return undefined;
}

/** The same words are awaited on a connection of their own, so that the conversation starts from its beginning. */
async function speakAgain(look: Look, kind: GreetingKind): Promise<ProbeResult | undefined> {
  const { context } = look;
  const connection = await takeConnection(look);
  const { received } = await hear(connection, context.answerTimeoutMs, context.answerTimeoutMs);
  if (classifyGreeting(received) === kind) return speak(look, connection, received);
  look.evidence.push(connection.evidence('greeting'));
  connection.close();
  return undefined;
}

/** One result for a port that speaks in two ways; the first one names it. */
function merge(result: ProbeResult, other: ProbeResult): ProbeResult {
  const protocols = [...(result.facts.protocols ?? []), ...(other.facts.protocols ?? [])];
  return {
    ...result,
    facts: { ...other.facts, ...result.facts, ...(protocols.length === 0 ? {} : { protocols }) },
    evidence: [...result.evidence, ...other.evidence],
  };
}

function nothingFound(look: Look, status: ProbeResult['status']): ProbeResult {
  const { stray, note, evidence } = look;
  return {
    protocol: 'unknown',
    status,
    facts: stray === undefined ? {} : { greeting: stray },
    evidence,
    ...(note === undefined ? {} : { note }),
  };
}
