/** Every question of UDP. */
import type { UdpQuestion } from '../question.ts';

export const UDP_QUESTIONS: readonly UdpQuestion[] = [];
