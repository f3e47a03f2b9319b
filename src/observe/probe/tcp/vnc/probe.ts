import type { Evidence } from '../../../../model/observation.ts';
import type { VncFacts } from '../../../../model/facts.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext, ProbeResult } from '../../probe.ts';
import {
  VENCRYPT,
  answerMinor,
  encodeRfbVersion,
  isPasswordless,
  parseRfbVersion,
  parseSecurity,
  parseSubTypes,
  parseVeNCryptVersion,
  parseVersionRefusal,
  securityTypeName,
  subTypeName,
} from './packets.ts';

/** RFC 6143 §7.1.1 knows 3.3, 3.7 and 3.8. */
const NO_SUCH_VERSION = Buffer.from('RFB 002.000\n', 'latin1');
const REFUSAL_MS = 1500;

interface VeNCrypt {
  readonly version?: string;
  readonly subTypes?: readonly number[];
}

/**
 * RFB version and security types, with the sub-types of VeNCrypt; then, on a second connection, how a client of a version
 * that does not exist is turned away, which tells the program. Not more connections: TigerVNC counts every one that does
 * not log in and answers "Too many security failures" after five. No security type but VeNCrypt is ever
 * chosen, no sub-type at all: the screen is never opened, not even one that asks for nothing. Closes `connection`.
 */
export async function probeVnc(context: ProbeContext, connection: Connection): Promise<ProbeResult> {
  const { facts, note } = await converse(connection, context.answerTimeoutMs);
  const evidence = [connection.evidence('vnc handshake')];
  connection.close();
  if (facts !== undefined && facts.refusal === undefined && facts.securityTypes.length > 0) {
    const refusal = await askRefusal(context);
    if (refusal?.said !== undefined) facts.versionRefusal = refusal.said;
    if (refusal !== undefined) evidence.push(refusal.evidence);
  }
  return {
    protocol: 'vnc',
    status: facts === undefined ? 'protocol-error' : 'open',
    facts: facts === undefined ? {} : { vnc: facts },
    evidence,
    ...(note === undefined ? {} : { note }),
  };
}

/** Never throws: the program's name is no more than a help. */
async function askRefusal(
  context: ProbeContext,
): Promise<{ readonly said: string | undefined; readonly evidence: Evidence } | undefined> {
  try {
    const connection = await context.dial();
    const timeoutMs = Math.min(REFUSAL_MS, context.answerTimeoutMs);
    const greeting = await connection.read((received) => (received.length < 12 ? false : 12), timeoutMs);
    const isGreeted = greeting.ended === 'enough';
    if (isGreeted) connection.write(NO_SUCH_VERSION);
    const { bytes, ended } = await connection.read(
      (received) => received.length > 512,
      isGreeted ? timeoutMs : 0,
    );
    const said = isGreeted ? parseVersionRefusal(bytes, ended === 'closed') : undefined;
    const evidence = connection.evidence('vnc version refusal');
    connection.close();
    return { said, evidence };
  } catch {
    return undefined;
  }
}

async function converse(
  connection: Connection,
  timeoutMs: number,
): Promise<{ readonly facts?: VncFacts; readonly note?: string }> {
  const version = parseRfbVersion(
    (await connection.read((received) => (parseRfbVersion(received) === 'more' ? false : 12), timeoutMs))
      .bytes,
  );
  if (version === undefined || version === 'more') return { note: 'the RFB version line is not complete' };
  const minor = answerMinor(version);
  connection.write(encodeRfbVersion(minor));

  const { bytes, ended } = await connection.read(
    (received) => parseSecurity(received, minor) !== 'more',
    timeoutMs,
  );
  const security = parseSecurity(bytes, minor);
  const facts: VncFacts = { rfbVersion: version.text, securityTypes: [] };
  if (security === 'more') return { facts, note: `no complete list of security types (${ended})` };
  const { types, refusal } = security;
  if (refusal !== undefined) return { facts: { ...facts, refusal } };

  const veNCrypt = minor !== 3 && types.includes(VENCRYPT) ? await askVeNCrypt(connection, timeoutMs) : {};
  const noPassword = isPasswordless(types, veNCrypt.subTypes);
  return {
    facts: {
      ...facts,
      securityTypes: types.map((id) => ({ id, name: securityTypeName(id) })),
      ...(veNCrypt.version === undefined ? {} : { veNCryptVersion: veNCrypt.version }),
      ...(veNCrypt.subTypes === undefined
        ? {}
        : { veNCryptSubTypes: veNCrypt.subTypes.map((id) => ({ id, name: subTypeName(id) })) }),
      ...(noPassword === undefined ? {} : { noPassword }),
    },
  };
}

/** Version and sub-types come in plain text, before TLS begins. */
async function askVeNCrypt(connection: Connection, timeoutMs: number): Promise<VeNCrypt> {
  connection.write(Uint8Array.of(VENCRYPT));
  const { bytes } = await connection.read(
    (received) => (parseVeNCryptVersion(received) === 'more' ? false : 2),
    timeoutMs,
  );
  const version = parseVeNCryptVersion(bytes);
  if (version === 'more') return {};
  const text = `${version.major}.${version.minor}`;
  // 0.1 has sub-types of one byte and other numbers for them; nothing in use speaks it.
  if (version.major === 0 && version.minor < 2) return { version: text };
  connection.write(Uint8Array.of(0, 2));
  const answer = await connection.read((received) => parseSubTypes(received) !== 'more', timeoutMs);
  const subTypes = parseSubTypes(answer.bytes);
  return subTypes === undefined || subTypes === 'more' ? { version: text } : { version: text, subTypes };
}
