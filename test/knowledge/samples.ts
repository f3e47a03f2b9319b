import { type Answers, readAnswers } from '../../src/identify/match/answers.ts';
import type { Sample } from '../../src/model/product.ts';
import { factsOfSamples } from '../../src/observe/recorded/samples.ts';

/** What matching sees of one service that gave these recorded answers. */
export function readSamples(samples: readonly Sample[]): Answers {
  return readAnswers(factsOfSamples(samples));
}
