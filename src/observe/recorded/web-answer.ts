import type { HttpAnswer } from '../../model/facts.ts';

/** A recorded answer in the model's shape. No digest: nothing recorded is compared by it, and a hundred thousand take seconds. */
export function webAnswer(
  given: Pick<HttpAnswer, 'path' | 'method' | 'status' | 'headers' | 'body'> &
    Pick<Partial<HttpAnswer>, 'firstBytes'>,
): HttpAnswer {
  return { ...given, bodyBytes: given.body.length, bodySha256: '', truncated: false };
}
