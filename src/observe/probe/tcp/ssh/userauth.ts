/** Messages of the authentication protocol, RFC 4252: as many as are needed to ask which methods there are. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { showable } from '../../../../lib/hostile-text.ts';
import { decodeText } from '../text.ts';
import { nameList } from './kex-init.ts';
import { MESSAGE, sshString } from './packets.ts';

/** Says in the server's log who asked. */
const USER = 'sekisho';
/** RFC 4251 §6: names are printable US-ASCII without spaces and commas. */
const NAME = /^[\x21-\x2b\x2d-\x7e]+$/;
const MAX_METHODS = 32;
/** Code units of the reason that a server gives. */
const MAX_REASON = 200;

export function encodeServiceRequest(): Uint8Array {
  return Buffer.concat([Buffer.from([MESSAGE.serviceRequest]), sshString('ssh-userauth')]);
}

/** RFC 4252 §5.2: "none" carries nothing to log in with and is the question for the list of methods. */
export function encodeNoneRequest(): Uint8Array {
  const fields = [USER, 'ssh-connection', 'none'].map((text) => sshString(text));
  return Buffer.concat([Buffer.from([MESSAGE.userauthRequest]), ...fields]);
}

export interface AuthFailure {
  /** In the server's order. */
  readonly methods: string[];
  /** "none" counted as one of several steps. */
  readonly partialSuccess: boolean;
}

/**
 * RFC 4252 §5.1. "none" must not be listed (§5.2) and is left out: among our facts it means that the server lets
 * everybody in, which a server that refuses has just denied.
 */
export function parseAuthFailure(payload: Uint8Array): AuthFailure | undefined {
  const reader = new ByteReader(payload);
  if (reader.u8() !== MESSAGE.userauthFailure) return undefined;
  const names = nameList(reader.latin1(reader.u32()));
  const partialSuccess = reader.u8() !== 0;
  if (reader.short) return undefined;
  const methods = [...new Set(names)].filter((name) => NAME.test(name) && name !== 'none');
  return { methods: methods.slice(0, MAX_METHODS), partialSuccess };
}

/** Text shown before log-in (RFC 4252 §5.4), bounded. */
export function parseAuthBanner(payload: Uint8Array): string | undefined {
  const reader = new ByteReader(payload);
  if (reader.u8() !== MESSAGE.userauthBanner) return undefined;
  const text = reader.take(reader.u32());
  return reader.short ? undefined : decodeText(text).trimEnd();
}

/** Reason code and text of SSH_MSG_DISCONNECT (RFC 4253 §11.1), as one sentence for a note. */
export function parseDisconnect(payload: Uint8Array): string | undefined {
  const reader = new ByteReader(payload);
  if (reader.u8() !== MESSAGE.disconnect) return undefined;
  const code = reader.u32();
  const text = decodeText(reader.take(reader.u32()), MAX_REASON);
  if (reader.short) return 'the server disconnected';
  return `the server disconnected (${code}): ${showable(text, MAX_REASON)}`;
}
