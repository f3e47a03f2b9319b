import {
  NONE,
  answerMinor,
  encodeRfbVersion,
  isPasswordless,
  securityTypeName,
  VENCRYPT,
} from '../../tcp/vnc/packets.ts';
import { showable } from '../../../../lib/hostile-text.ts';
import type { HttpFacts, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import type { Security } from '../../tcp/vnc/packets.ts';
import {
  clientFrame,
  parseGreeting,
  parseSecurityFrames,
  upgradeRequest,
  type VncWebSocketGreeting,
} from './packets.ts';

/** QEMU takes "/" only; noVNC's own default is "/websockify", which a proxy in front may insist on. */
const PATHS = ['/', '/websockify'];
const MAX_TYPES = 16;

/**
 * A screen behind a WebSocket. Goes as far as the list of security types, as the VNC probe does; none is chosen.
 *
 * Fields: rfb-version ("003.008"), security-type (one each, IANA's names), path (where it was found), refusal.
 * access: open when type None is offered: nothing stands between a visitor and the screen.
 */
export const vncWebSocketQuestion: TcpQuestion = {
  protocol: 'vnc-websocket',
  ports: [5700, 5701, 5702, 5703, 6080, 6081, 6082, 6901],
  tlsPorts: [6901],
  elsewhere: 'never',
  besideWeb: mentionsVncWebSocket,
  read: (received) => {
    const greeting = parseGreeting(received);
    return typeof greeting === 'object' ? factsOf(greeting, {}) : undefined;
  },
  ask: async (line) => {
    for (const path of PATHS) {
      const greeting = await line.exchange(upgradeRequest(hostOf(line), path), parseGreeting);
      if (greeting !== undefined) return factsOf(greeting, { path, ...(await askSecurity(line, greeting)) });
      line.again();
    }
    return undefined;
  },
};

/**
 * A page or header that a VNC WebSocket stands behind: the noVNC client, websockify's own server, QEMU. Worth asking
 * `vncWebSocketQuestion` at the same place; no proof.
 */
export function mentionsVncWebSocket({ answers }: Pick<HttpFacts, 'answers'>): boolean {
  return answers.some(
    ({ title, body, headers, control }) =>
      control !== true &&
      (/\bnoVNC\b/.test(title ?? '') ||
        /<a href="vnc(?:_lite|_auto)?\.html">/.test(body) ||
        headers.some(
          ([name, value]) => name.toLowerCase() === 'server' && /^(?:WebSockify|QEMU VNC)\b/.test(value),
        )),
  );
}

async function askSecurity(
  line: TcpLine,
  { version }: VncWebSocketGreeting,
): Promise<{ readonly security?: Security; readonly isTls: boolean }> {
  const minor = answerMinor(version);
  const security = await line.exchange(clientFrame(encodeRfbVersion(minor)), (received) =>
    parseSecurityFrames(received, minor),
  );
  return { isTls: line.isTls, ...(security !== undefined && { security }) };
}

function hostOf({ address, port, hostNames }: TcpLine): string {
  const host = hostNames[0] ?? (address.includes(':') ? `[${address}]` : address);
  return `${host}:${port}`;
}

function factsOf(
  { version, server }: VncWebSocketGreeting,
  {
    path,
    security,
    isTls,
  }: { readonly path?: string; readonly security?: Security; readonly isTls?: boolean },
): ProtocolFacts {
  const types = security?.types.slice(0, MAX_TYPES) ?? [];
  const concerns: ProtocolFacts['concerns'] = [];
  if (types.includes(NONE)) concerns.push('no-authentication-type');
  if (isTls === false && types.length > 0 && !types.some((type) => ENCRYPTED.includes(type)))
    concerns.push('clear-text');
  return {
    name: 'vnc-websocket',
    access: accessOf(security),
    ...(server !== undefined && server !== '' && { product: showable(server, 120) }),
    fields: [
      ['rfb-version', version.text],
      ...types.map((type): [string, string] => ['security-type', securityTypeName(type)]),
      ...(path === undefined ? [] : [['path', path] as [string, string]]),
      ...(security?.refusal === undefined
        ? []
        : [['refusal', showable(security.refusal, 250)] as [string, string]]),
    ],
    concerns,
  };
}

/** TLS and VeNCrypt. */
const ENCRYPTED: readonly number[] = [18, VENCRYPT];

function accessOf(security: Security | undefined): ProtocolFacts['access'] {
  if (security === undefined) return 'unknown';
  if (security.types.length === 0) return 'turned-away';
  const passwordless = isPasswordless(security.types, undefined);
  if (passwordless === undefined) return 'unknown';
  return passwordless ? 'open' : 'password';
}
