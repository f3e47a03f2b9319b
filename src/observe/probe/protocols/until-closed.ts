import type { Reading, TcpLine } from '../question.ts';

/** A server that goes on and on is cut off. */
const MAX_BYTES = 16_384;

/**
 * One request to a server that ends its answer by closing. `parse` sees what came so far again and again; its last result
 * counts, also when the server never closes.
 */
export async function askUntilClosed<T>(
  line: TcpLine,
  request: Uint8Array,
  parse: (received: Uint8Array) => Reading<T>,
): Promise<T | undefined> {
  let last: T | undefined;
  await line.exchange<never>(request, (received) => {
    const reading = parse(received);
    if (reading === undefined) last = undefined;
    else if (reading !== 'more') last = reading;
    return reading === undefined || received.length > MAX_BYTES ? undefined : 'more';
  });
  return last;
}
