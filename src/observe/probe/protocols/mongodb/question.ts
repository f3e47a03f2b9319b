import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import type { Document } from './bson.ts';
import { encodeCommand, type Form, parseAnswer } from './packets.ts';

/**
 * MongoDB: isMaster and buildInfo, which are answered before log-in, then listDatabases with a filter that nothing fits: its
 * error says that a log-in is wanted, an empty list that none is; no name of a database comes back.
 *
 * Fields: `max-wire-version`, `role` (primary, secondary, router, arbiter, other), `set-name`, `me`, `hosts`, `read-only`,
 * `git-version`, `error` (code of a refusal).
 */
export const mongodbQuestion: TcpQuestion = {
  protocol: 'mongodb',
  ports: [27_017, 27_018, 27_019, 27_020],
  elsewhere: 'ask',
  read: (received) => {
    const answer = parseAnswer(received);
    return answer === undefined || answer === 'more' ? undefined : (factsOf(answer) ?? refusal(answer));
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const hello = await line.exchange(encodeCommand('query', { isMaster: 1 }), parseAnswer);
  const found = hello && (factsOf(hello) ?? refusal(hello));
  if (hello === undefined || found === undefined) return undefined;
  const form: Form = Number(hello.get('maxWireVersion') ?? 0) >= 6 ? 'message' : 'query';
  const build = await line.exchange(encodeCommand(form, { buildInfo: 1 }), parseAnswer);
  const list = await line.exchange(encodeCommand(form, listNothing(form)), parseAnswer);
  return withBuild({ ...found, access: accessOf(list) }, build);
}

/** Secondaries answer only those who say that they want it. */
function listNothing(form: Form): Parameters<typeof encodeCommand>[1] {
  const command = { listDatabases: 1, nameOnly: 1, filter: { name: '' } };
  return form === 'query' ? command : { ...command, $readPreference: { mode: 'secondaryPreferred' } };
}

const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;

function accessOf(answer: Document | undefined): ProtocolFacts['access'] {
  const code = answer?.get('code');
  if (answer?.get('ok') === 1) return 'open';
  const isRefused = /not authorized|requires authentication|unauthorized/i.test(
    String(answer?.get('errmsg') ?? ''),
  );
  return code === UNAUTHORIZED || code === AUTHENTICATION_FAILED || isRefused ? 'password' : 'unknown';
}

/** An answer to isMaster or hello; undefined for every other document. */
function factsOf(hello: Document): ProtocolFacts | undefined {
  const isHello = hello.has('ismaster') || hello.has('isWritablePrimary');
  if (!isHello || !hello.has('maxBsonObjectSize')) return undefined;
  return {
    ...COMMON,
    fields: fieldsOf(
      ['max-wire-version', hello.get('maxWireVersion')],
      ['role', roleOf(hello)],
      ['set-name', hello.get('setName')],
      ['me', hello.get('me')],
      ['hosts', hello.get('hosts')],
      ['read-only', hello.get('readOnly')],
    ),
  };
}

const NO_CONCERN: readonly Concern[] = [];
const COMMON = {
  name: 'mongodb',
  access: 'unknown',
  fields: [],
  concerns: [...NO_CONCERN],
} satisfies ProtocolFacts;

function roleOf(hello: Document): string {
  if (hello.get('msg') === 'isdbgrid') return 'router';
  if (hello.get('ismaster') === true || hello.get('isWritablePrimary') === true) return 'primary';
  if (hello.get('secondary') === true) return 'secondary';
  return hello.get('arbiterOnly') === true ? 'arbiter' : 'other';
}

/** A server that wants a log-in or TLS before anything says so in a document as well. */
function refusal(answer: Document): ProtocolFacts | undefined {
  if (answer.get('ok') !== 0 || !answer.has('errmsg')) return undefined;
  return { ...COMMON, access: accessOf(answer), fields: fieldsOf(['error', answer.get('code')]) };
}

function withBuild(found: ProtocolFacts, build: Document | undefined): ProtocolFacts {
  const version = build?.get('version');
  if (typeof version !== 'string') return found;
  return {
    ...found,
    product:
      build?.has('ferretdb') === true || build?.has('ferretdbVersion') === true ? 'FerretDB' : 'MongoDB',
    version: bounded(version),
    fields: [...found.fields, ...fieldsOf(['git-version', build?.get('gitVersion')])],
  };
}
