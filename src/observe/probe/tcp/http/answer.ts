import { sha256Hex } from '../../../../lib/hash.ts';
import type { HttpAnswer } from '../../../../model/facts.ts';
import { decodeText } from './charset.ts';
import { decodeContent } from './content-encoding.ts';
import { firstBytesOf } from './first-bytes.ts';
import { headerValue, type RawAnswer } from './lenient.ts';
import type { SafeMethod } from './strict-get.ts';
import { titleOf } from './title.ts';

export const MAX_BODY_BYTES = 128 * 1024;

export interface Page {
  readonly answer: HttpAnswer;
  /** Body without Content-Encoding. */
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Undoes Content-Encoding and the charset of an answer, and bounds what is kept. Never throws. */
export async function readAnswer(
  raw: RawAnswer,
  path: string,
  { limit = MAX_BODY_BYTES, method = 'GET' }: { readonly limit?: number; readonly method?: SafeMethod } = {},
): Promise<Page> {
  const { bytes, truncated } = await decodeContent(
    raw.body,
    headerValue(raw.headers, 'content-encoding'),
    limit,
  );
  const contentType = headerValue(raw.headers, 'content-type');
  const body = decodeText(bytes.subarray(0, MAX_BODY_BYTES), contentType);
  const title = titleOf(body);
  const location = headerValue(raw.headers, 'location');
  const firstBytes = firstBytesOf(bytes);
  return {
    answer: {
      method,
      path,
      status: raw.status,
      headers: raw.headers,
      ...(title !== undefined && { title }),
      body,
      bodyBytes: bytes.length,
      bodySha256: sha256Hex(bytes),
      truncated: raw.truncated || truncated,
      ...(firstBytes !== undefined && { firstBytes }),
      ...(location !== '' && { location }),
    },
    bytes,
    contentType,
  };
}
