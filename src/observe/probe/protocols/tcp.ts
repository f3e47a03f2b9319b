/** Every question of TCP, likeliest first: in this order they are asked where nothing else was understood. */
import type { TcpQuestion } from '../question.ts';

export const TCP_QUESTIONS: readonly TcpQuestion[] = [];
