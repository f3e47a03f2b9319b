/** git-daemon: gitprotocol-pack(5), "Git Transport"; lines of gitprotocol-common(5). */
import { decodeText } from '../../tcp/text.ts';

/** git-upload-pack (a read) of a path, with the host that it is asked at. */
export function encodeUploadPack(path: string, host: string): Uint8Array {
  const body = Buffer.from(`git-upload-pack ${path}\0host=${host.slice(0, 255)}\0`, 'latin1');
  const length = (body.length + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(length, 'latin1'), body]);
}

export interface GitError {
  /** Without the path, which is our own. */
  readonly text: string;
}

/** "003fERR access denied or repository not exported: /path": its length must be that of the line. */
export function parseError(received: Uint8Array): GitError | 'more' | undefined {
  const head = Buffer.from(received.subarray(0, 8)).toString('latin1');
  if (!/^[0-9a-f]{0,4}$/.test(head.slice(0, 4)) || !'ERR '.startsWith(head.slice(4, 8))) return undefined;
  if (head.length < 8) return 'more';
  const length = Number.parseInt(head.slice(0, 4), 16);
  if (length <= 8 || length > 1024) return undefined;
  if (received.length < length) return 'more';
  const text = decodeText(received.subarray(8, length), 256);
  return { text: text.replace(/:? ?\/sekisho-.*$/s, '').trim() };
}
