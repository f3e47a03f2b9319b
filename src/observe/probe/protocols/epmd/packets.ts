/** Erlang port mapper daemon: Erlang/OTP documentation, "Distribution Protocol", section "EPMD Protocol". */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** NAMES_REQ. */
export function encodeNamesRequest(): Uint8Array {
  return Uint8Array.of(0, 1, 0x6e);
}

export interface Names {
  /** The port on which the daemon itself listens. */
  readonly port: number;
  readonly nodes: readonly { readonly name: string; readonly port: number }[];
}

const NODE = /^name ([^\n\0]{1,200}) at port (\d{1,5})$/;
const MAX_NODES = 16;

/** NAMES_RESP: a port in four bytes and a line for each node, up to the end of the connection. */
export function parseNames(received: Uint8Array): Reading<Names> {
  const reader = new ByteReader(received);
  const port = reader.u32();
  if (reader.short) return received.some((byte, at) => at < 2 && byte !== 0) ? undefined : 'more';
  if (port === 0 || port > 65_535) return undefined;
  const text = reader.latin1(reader.left);
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const nodes = lines.map((line) => NODE.exec(line));
  if (nodes.includes(null) || !couldBeNode(rest)) return undefined;
  return {
    port,
    nodes: nodes.slice(0, MAX_NODES).map((match) => ({ name: match?.[1] ?? '', port: Number(match?.[2]) })),
  };
}

function couldBeNode(rest: string): boolean {
  return rest.length < 250 && (rest.startsWith('name ') || 'name '.startsWith(rest));
}
